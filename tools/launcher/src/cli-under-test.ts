import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { runCli } from './cli/run-cli.ts';

const program = fileURLToPath(new URL('cli/quittance.mjs', import.meta.url));

/** The command in a process of its own, while it runs. */
export interface RunningCommand extends AsyncDisposable {
  /** What it has said so far: standard output, and standard error. */
  out: () => string;
  notes: () => string;
  /** Resolves when its notes have this in them. */
  noted: (text: string) => Promise<void>;
  signal: (signal: NodeJS.Signals) => void;
  /** Its exit code. */
  ended: Promise<number | null>;
}

export interface CommandContext {
  dataDir: string;
  env?: Record<string, string>;
  /** For the program that runs it. */
  nodeOptions?: string[];
}

/** Starts `quittance` as a person would, in a folder with no settings in it. */
export const startCommand = (
  { dataDir, env, nodeOptions = [] }: CommandContext,
  args: readonly string[],
): RunningCommand => {
  const child = spawn(process.execPath, [...nodeOptions, program, ...args], {
    cwd: dataDir,
    env: { ...process.env, npm_lifecycle_event: undefined, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let notes = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    notes += text.toString();
  });
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    out: () => out,
    notes: () => notes,
    noted: async (text) => {
      await expect.poll(() => notes, { timeout: 20_000, interval: 20 }).toContain(text);
    },
    signal: (signal) => void child.kill(signal),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

export interface EndedCommand {
  code: number | null;
  out: string;
  notes: string;
}

/** Runs `quittance` to its end, in a process of its own. */
export const spawnCommand = async (
  context: CommandContext,
  ...args: string[]
): Promise<EndedCommand> => {
  const command = startCommand(context, args);
  const code = await command.ended;
  return { code, out: command.out(), notes: command.notes() };
};

/** The same in this process, which is faster: for commands that end by themselves. */
export const runCommand = async (
  { dataDir, env }: Omit<CommandContext, 'nodeOptions'>,
  ...args: string[]
): Promise<EndedCommand> => {
  const [out, notes]: [string[], string[]] = [[], []];
  const cli = {
    env: { DATA_DIR: dataDir, ...env },
    say: (line: string) => void out.push(`${line}\n`),
    note: (line: string) => void notes.push(`${line}\n`),
  };
  const code = await runCli(cli, args);
  return { code, out: out.join(''), notes: notes.join('') };
};
