import { pino } from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { noteHandler, openJobs } from './jobs-under-test.ts';

const Line = z.object({ msg: z.string(), job: z.string().optional() });

test('jobs of a kind without a handler are logged once, and stay as they are', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  await using it = await openJobs({ log });
  await it.schedule({ key: 'a', kind: 'other' });
  await it.schedule({ key: 'b' });
  const before = await it.jobs.list({ kind: 'other', limit: 10 });
  await it.store.write((tx) =>
    tx.updateTable('jobs').set({ kind: 'gone' }).where('kind', '=', 'other').execute(),
  );

  const worker = it.worker({ note: noteHandler(async () => {}) });
  await worker.work();
  await worker.work();
  expect(await worker.nextRunAt()).toBeNull();
  expect(await it.jobs.list({ limit: 10 })).toEqual(
    before.map((job) => ({ ...job, kind: 'gone' })),
  );
  expect(lines.map((line) => Line.parse(JSON.parse(line)).job)).toEqual(['gone']);
});
