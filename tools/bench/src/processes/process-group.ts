import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from './usage.ts';

export interface Running {
  pid: number;
  /** Why it can answer no more, once it has ended. */
  failure: () => string | undefined;
  stop: () => Promise<void>;
}

export interface Program {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

const stopTimeoutMs = 10_000;
const keptOutput = 4000;

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

const killAll = (pids: readonly number[]): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
};

const stop = async (child: ChildProcess, pid: number): Promise<void> => {
  const tree = processTree(pid);
  if (!hasEnded(child)) {
    child.kill('SIGTERM');
    await Promise.race([once(child, 'exit'), sleep(stopTimeoutMs, undefined, { ref: false })]);
  }
  killAll(tree);
};

/** Processes that end together: by `stopAll`, and when this process exits however it does. */
export const createProcessGroup = () => {
  const started = new Map<number, ChildProcess>();
  const onExit = (): void => killAll([...started.keys()].flatMap(processTree));
  process.once('exit', onExit);

  const start = async ({ command, args, cwd, env }: Program): Promise<Running> => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      // Programs of the hub end when this channel closes, so they do not outlive a benchmark that was killed.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-keptOutput);
    });
    await once(child, 'spawn');
    const { pid } = child;
    if (pid === undefined) throw new Error(`${command} has no process`);
    started.set(pid, child);
    return {
      pid,
      failure: () => (hasEnded(child) ? `it ended early\n${output}` : undefined),
      stop: async () => {
        await stop(child, pid);
        started.delete(pid);
      },
    };
  };

  return {
    start,
    stopAll: async (): Promise<void> => {
      await Promise.all([...started].map(([pid, child]) => stop(child, pid)));
      started.clear();
      process.off('exit', onExit);
    },
  };
};

export type ProcessGroup = ReturnType<typeof createProcessGroup>;
