import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../sqlite-store.ts';
import {
  manyInvoices,
  open,
  readContents,
  tamper,
  withOldDatabase,
} from './old-database-under-test.ts';

const program = fileURLToPath(new URL('open-under-test.ts', import.meta.url));

const opened = { lines: ['opening', 'opened'], ended: 0 };

/** Opens a database in a process of its own, which is killed as soon as it shall be. */
const runOpen = async (
  file: string,
  shallDie: () => boolean = () => false,
): Promise<{ lines: string[]; ended: unknown }> => {
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const watching = setInterval(() => {
    if (shallDie()) child.kill('SIGKILL');
  }, 1);
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const [code, signal] = await exit;
  clearInterval(watching);
  return { lines, ended: signal ?? code };
};

/** How much a transaction has written, of what is not committed too, in bytes. */
const writtenTo = (file: string): number =>
  statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;

describe('all or nothing', () => {
  test('what cannot be migrated is left as it was, and opens once it is mended', () =>
    withOldDatabase(async (file) => {
      const mend = `update invoices set ledger = (select ledger from invoices where id = 26) where id = 27`;
      tamper(file, `update invoices set ledger = 'torn' where id = 27`);
      const before = readContents(file);
      await expect(openSqliteStore(file)).rejects.toThrow('torn');
      expect(readContents(file)).toEqual(before);
      tamper(file, mend);
      await open(file);
      expect(readContents(file).rows.invoices).toHaveLength(27);
    }));

  test('a reference that leads nowhere stops it', () =>
    withOldDatabase(async (file) => {
      tamper(file, 'delete from invoices where id = 14');
      const before = readContents(file);
      await expect(openSqliteStore(file)).rejects.toThrow('A reference leads nowhere');
      expect(readContents(file)).toEqual(before);
    }));

  test(
    'killed meanwhile, it is undone, and done by the next to open it',
    () =>
      withOldDatabase(async (file) => {
        tamper(file, manyInvoices);
        const before = readContents(file);
        for (const bytes of [0, 1_000_000]) {
          const killed = await runOpen(file, () => writtenTo(file) > bytes);
          expect(killed).toEqual({ lines: ['opening'], ended: 'SIGKILL' });
          expect(isDeepStrictEqual(readContents(file), before)).toBe(true);
          // Whoever opens it next clears away what was written.
          tamper(file, 'select 1');
          expect(writtenTo(file)).toBe(0);
        }
        expect(await runOpen(file)).toEqual(opened);
        const { invoices } = readContents(file).rows;
        expect(invoices).toHaveLength(before.rows.invoices?.length ?? 0);
      }),
    60_000,
  );
});

describe('opened by several at once', () => {
  test('in one process, one migrates and the others wait', () =>
    withOldDatabase(async (file) => {
      await Promise.all(Array.from({ length: 4 }, () => open(file)));
      expect(readContents(file).rows.invoices).toHaveLength(27);
    }));

  test(
    'in several processes, on an old database',
    () =>
      withOldDatabase(async (file) => {
        tamper(file, manyInvoices);
        const ends = await Promise.all([runOpen(file), runOpen(file), runOpen(file)]);
        expect(ends).toEqual([opened, opened, opened]);
      }),
    60_000,
  );

  test(
    'in several processes, on a new one',
    () =>
      withOldDatabase(async (_, folder) => {
        const file = join(folder, 'new.db');
        const ends = await Promise.all([runOpen(file), runOpen(file), runOpen(file)]);
        expect(ends).toEqual([opened, opened, opened]);
      }),
    60_000,
  );
});
