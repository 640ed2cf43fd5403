import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verifyLedger } from '../../invoices/verify-ledger.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { caller, startCore } from './old-core-under-test.ts';
import {
  open,
  readContents,
  type Row,
  tamper,
  withOldDatabase,
} from './old-database-under-test.ts';

/** Runs on a database as the version before left it, with a shop. */
const withDatabase = (run: (file: string, folder: string) => Promise<void>): Promise<void> =>
  withOldDatabase(async (file, folder) => {
    tamper(file, shop);
    await run(file, folder);
  }, '0006-projects');

const shop = `
  insert into projects (id, public_id, account_id, name, created_at, updated_at)
    values (4, '0d1f2c9e-8f5b-4f0e-9d3a-2c1b0a998877', 1, 'Shop', 5, 6);
  update invoices set project_id = 4, payload = 'mine' where id = 2`;

const added = ['index pin_tries_age', 'index users_telegram', 'table checkouts', 'table pin_tries'];

test('every row is there afterwards, as it was, and nobody is in Telegram', () =>
  withDatabase(async (file) => {
    const before = readContents(file).rows;
    await open(file);
    const after = readContents(file).rows;
    const { users = [], ...same } = before;
    expect(after).toMatchObject(same);
    expect(users.length).toBeGreaterThan(1);
    expect(after.users).toEqual(
      users.map((row): Row => ({ ...row, telegram_id: null, pin_hash: null })),
    );
    for (const table of ['pin_tries', 'checkouts']) expect(after[table]).toEqual([]);
  }));

test('tables, columns and indexes are those of a new database, and none was lost', () =>
  withDatabase(async (file, folder) => {
    const before = readContents(file).schema;
    const fresh = join(folder, 'fresh.db');
    await open(file);
    await open(fresh);
    const after = readContents(file).schema;
    expect(after).toEqual(readContents(fresh).schema);
    const same = Object.entries(before).filter(([name]) => name !== 'table users');
    expect(after).toMatchObject(Object.fromEntries(same));
    const names = Object.keys(after).filter((name) => !(name in before));
    const own = names.filter((name) => !name.includes('sqlite_autoindex'));
    expect(own.toSorted()).toEqual(added.toSorted());
  }));

test('a Telegram id is one user’s, and a checkout one of an invoice that is there', () =>
  withDatabase(async (file) => {
    const store = await openSqliteStore(file);
    try {
      const { rows } = await sql`pragma foreign_key_check`.execute(store.read);
      expect(rows).toEqual([]);
      const everybody = store.write(async (tx) => {
        await tx.updateTable('users').set({ telegram_id: 7 }).execute();
      });
      await expect(everybody).rejects.toThrow('UNIQUE');
      const accepted = (invoice_id: number) =>
        store.write(async (tx) => {
          const values = { invoice_id, question_id: 'q', payer: 'p', accepted_at: 1 };
          await tx.insertInto('checkouts').values(values).execute();
        });
      await accepted(1);
      await expect(accepted(1)).rejects.toThrow('UNIQUE');
      await expect(accepted(999)).rejects.toThrow('FOREIGN KEY');
    } finally {
      await store.close();
    }
  }));

test('a core that starts on it finds all of it in order, and its users can be linked', () =>
  withDatabase(async (file) => {
    await using core = await startCore(file);
    const report = await verifyLedger(core.store.read);
    expect(report.invoices).toBe(27);
    expect(report.discrepancies).toEqual([]);
    const { identities } = core.app.core;
    const link = { userId: caller.userId, telegramId: 7, pin: '1234' };
    expect(await identities.linkTelegram(link)).toMatchObject({ telegramId: 7 });
    const who = { telegramId: 7 };
    expect(await identities.authenticatePin({ who, pin: '1234' })).toEqual(caller);
  }));

test('a refund that was asked for before it was kept of which payment is carried out', () =>
  withDatabase(async (file) => {
    const pending = (readContents(file).rows.acts ?? []).filter(
      ({ kind, state }) => kind === 'refund' && state === 'pending',
    );
    expect(pending.length).toBeGreaterThan(0);
    await using core = await startCore(file);
    const asked: unknown[] = [];
    const { refund } = core.psp.provider;
    core.psp.provider.refund = (input) => {
      asked.push(input.payment);
      return refund(input);
    };
    core.clock.advance(3_600_000);
    await core.app.work();
    expect(asked).toEqual(pending.map(() => null));
  }));
