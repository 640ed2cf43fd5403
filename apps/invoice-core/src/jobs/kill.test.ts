import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { createStoreJobs } from './store-jobs.ts';
import { makeTraces, traces } from './traces-under-test.ts';

const program = fileURLToPath(new URL('kill-under-test.ts', import.meta.url));

/** Runs the program, killed after it has said so many lines. @returns what it said and how it ended */
const runProgram = async (
  file: string,
  killAfter: number,
  ...more: string[]
): Promise<{ lines: string[]; ended: unknown }> => {
  const child = spawn(process.execPath, [program, file, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (lines.length === killAfter) child.kill('SIGKILL');
  });
  const [code, signal] = await exit;
  return { lines, ended: signal ?? code };
};

test('killed again and again, every job has its effect exactly once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-jobs-kill-'));
  const file = join(folder, 'test.db');
  const keys = Array.from({ length: 400 }, (_, index) => `job ${index}`);
  const store = await openSqliteStore(file);
  try {
    await makeTraces(store);
    const jobs = createStoreJobs<{ effect: null }>({
      store,
      clock: systemClock,
      log: silentLogger,
    });
    await store.write(async (tx) => {
      for (const key of keys) {
        await jobs.schedule(tx, { kind: 'effect', key, runAt: 0, payload: null });
      }
    });

    expect(await runProgram(file, 1, 'stall')).toMatchObject({ ended: 'SIGKILL' });
    const said: string[] = [];
    for (let kill = 0; kill < 6; kill += 1) {
      const { ended, lines } = await runProgram(file, 1 + Math.floor(Math.random() * 90));
      expect(ended).toBe('SIGKILL');
      said.push(...lines);
    }
    const { ended, lines } = await runProgram(file, Infinity);
    expect(ended).toBe(0);
    expect([...said, ...lines]).toContain('started 2');
    expect(await jobs.list({ limit: 1000 })).toEqual([]);
    expect((await traces(store)).toSorted()).toEqual(keys.toSorted());
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}, 30_000);
