import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const program = fileURLToPath(new URL('run-under-test.ts', import.meta.url));
const Started = z.object({ url: z.url(), pid: z.int() });

interface Run {
  /** What was spawned: the program, or the shell around it. */
  child: ChildProcess;
  url: string;
  pid: number;
  said: string[];
  /** Resolves when the program has ended, whoever its parent is by then. */
  ended: Promise<unknown>;
}

const runs: Run[] = [];
const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, as most tests want it to.
  }
};
afterEach(async () => {
  for (const { pid, ended } of runs.splice(0)) {
    kill(pid);
    await ended;
  }
});

const run = async (
  file: string,
  args: string[],
  { npm = false, ipc = false }: { npm?: boolean; ipc?: boolean } = {},
): Promise<Run> => {
  const child = spawn(file, args, {
    env: { ...process.env, npm_lifecycle_event: npm ? 'start' : undefined },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
  });
  if (!child.stdout) throw new Error('The program has no output');
  const said: string[] = [];
  const lines = createInterface(child.stdout);
  const ended = once(lines, 'close');
  lines.on('line', (line) => said.push(line));
  await expect.poll(() => said.length, { timeout: 5000, interval: 20 }).toBeGreaterThan(0);
  const { url, pid } = Started.parse(JSON.parse(said.shift() ?? ''));
  const started = { child, url, pid, said, ended };
  runs.push(started);
  return started;
};

const runNode = (options: { ipc?: boolean } = {}) => run(process.execPath, [program], options);

/** As npm runs a script: in a shell, here one that has more to do and so cannot become the program itself. */
const runInShell = (options: { npm: boolean }) =>
  run('sh', ['-c', `"${process.execPath}" "${program}"; true`], options);

/** Has a request under way. */
const ask = async ({ url, said }: Run): Promise<{ answer: Promise<string> }> => {
  const answer = fetch(url).then((response) => response.text());
  answer.catch(() => undefined);
  await expect.poll(() => said, { timeout: 5000, interval: 20 }).toContain('asked');
  return { answer };
};

const answerIt = ({ pid }: Run): void => void process.kill(pid, 'SIGUSR2');

const untilClosing = async ({ said }: Run): Promise<void> => {
  await expect.poll(() => said, { timeout: 5000, interval: 5 }).toContain('closing');
};

const expectGracefulEnd = async (
  started: Run,
  { answer }: { answer: Promise<string> },
): Promise<void> => {
  await untilClosing(started);
  answerIt(started);
  expect(await answer).toBe('done');
  await started.ended;
  expect(started.said).toEqual(['asked', 'closing', 'closed']);
};

test.each([
  ['SIGTERM', ['SIGTERM']],
  ['a Ctrl-C that npm passes on as well', ['SIGINT', 'SIGINT']],
  ['a Ctrl-C and the SIGTERM of a supervisor', ['SIGINT', 'SIGTERM']],
] as const)('on %s what is under way is finished first', async (_name, signals) => {
  const started = await runNode();
  const asked = await ask(started);
  const exited = once(started.child, 'exit');
  for (const signal of signals) {
    process.kill(started.pid, signal);
    await untilClosing(started);
  }
  await expectGracefulEnd(started, asked);
  expect(await exited).toEqual([0, null]);
});

test('the same signal again ends it at once', async () => {
  const started = await runNode();
  const { answer } = await ask(started);
  const exited = once(started.child, 'exit');
  const insist = setInterval(() => process.kill(started.pid, 'SIGINT'), 50);
  expect(await exited).toEqual([1, null]);
  clearInterval(insist);
  await expect(answer).rejects.toThrow('fetch failed');
});

test('it ends when its supervisor disconnects', async () => {
  const started = await runNode({ ipc: true });
  const asked = await ask(started);
  started.child.disconnect();
  await expectGracefulEnd(started, asked);
});

test('it does not start when its supervisor is gone by then', async () => {
  const disconnected = 'await new Promise((resolve) => process.once("disconnect", resolve))';
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(disconnected)}`, program],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  child.disconnect();
  expect(await exited).toEqual([1, null]);
});

test('it ends when the shell that npm started it in is gone, and outlives any other shell', async () => {
  const byHand = await runInShell({ npm: false });
  const byNpm = await runInShell({ npm: true });
  const asked = await ask(byNpm);
  const both = [byHand.child, byNpm.child];
  const gone = both.map((shell) => once(shell, 'exit'));
  for (const shell of both) shell.kill('SIGTERM');
  await Promise.all(gone);

  await expectGracefulEnd(byNpm, asked);
  answerIt(byHand);
  expect(await (await fetch(byHand.url)).text()).toBe('done');
  expect(byHand.said).not.toContain('closing');
});
