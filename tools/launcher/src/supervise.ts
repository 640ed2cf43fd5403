import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Environment, Logger } from '@quittance/runtime';

export interface Supervised {
  readonly pid: number | undefined;
  /** Sends SIGTERM and waits for the end; a process that does not end in time is killed. */
  stop: () => Promise<void>;
}

const killAfterMs = 20_000;
const maxDelayMs = 5000;

const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null;

/**
 * Runs a Node program and starts it again whenever it ends by itself, sooner at first and at most every 5 s. The
 * program also ends when this process does, however that ends: it sees its channel close.
 */
export const supervise = (
  program: string,
  { name, env, log }: { name: string; env: Environment; log: Logger },
): Supervised => {
  let stopping = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  const start = (): ChildProcess => {
    const startedAt = Date.now();
    const started = spawn(process.execPath, [program], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A group of its own: a Ctrl-C at the terminal is for this process, which then stops the programs in order.
      detached: true,
    });
    started.once('exit', (code, signal) => {
      if (stopping) return;
      failures = Date.now() - startedAt > maxDelayMs ? 0 : failures + 1;
      const delay = Math.min(maxDelayMs, 50 * 2 ** failures);
      log.warn({ service: name, code, signal, delay }, 'service ended, starting it again');
      timer = setTimeout(() => {
        child = start();
      }, delay);
    });
    return started;
  };

  let child = start();
  return {
    get pid() {
      return child.pid;
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      if (!isRunning(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await ended;
      clearTimeout(kill);
    },
  };
};
