import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
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

const minute = 60_000;

const parsed = (text: unknown): unknown => JSON.parse(String(text));

/** What the version after makes of a row that it keeps. */
const kept = (table: string, row: Row): Row => {
  if (table === 'invoices') {
    const { ledger: _ledger, ...rest } = row;
    return { ...rest, asked_amount: row.amount };
  }
  return row.source === 'cancel' ? { ...row, source: 'act' } : row;
};

test('every row is there afterwards, with what is new in it', () =>
  withOldDatabase(async (file) => {
    const before = readContents(file);
    await open(file);
    const after = readContents(file);
    for (const [table, rows] of Object.entries(before.rows)) {
      const expected = rows.map((row) => kept(table, row));
      expect(after.rows[table]).toMatchObject(expected);
      expect(after.rows[table]).toHaveLength(rows.length);
    }
    const { invoices = [], invoice_refs: refs } = after.rows;
    expect(invoices).toHaveLength(27);
    expect(refs).toEqual([]);
    for (const [index, { ledger }] of invoices.entries()) {
      expect(parsed(ledger)).toMatchObject(Object(parsed(before.rows.invoices?.[index]?.ledger)));
    }
  }));

test('tables, columns and indexes are those of a new database, and none was lost', () =>
  withOldDatabase(async (file, folder) => {
    const before = readContents(file).schema;
    const fresh = join(folder, 'fresh.db');
    await open(file);
    await open(fresh);
    const after = readContents(file).schema;
    expect(after).toEqual(readContents(fresh).schema);
    const changed = [
      'table users',
      'table invoices',
      'table observations',
      'table acts',
      'table customers',
      'table events',
    ];
    const same = Object.entries(before).filter(([name]) => !changed.includes(name));
    expect(after).toMatchObject(Object.fromEntries(same));
    const added = Object.keys(after).filter((name) => !(name in before));
    expect(added).toEqual(
      expect.arrayContaining([
        'index customers_user',
        'index invoice_refs_invoice',
        'index invoices_everywhere',
        'index invoices_everywhere_by_status',
        'index invoices_everywhere_by_user',
        'index observations_foreign',
        'index sqlite_autoindex_invoice_refs_1',
        'table invoice_refs',
      ]),
    );
  }));

test.each([
  ['is the next', 'select 1', 28],
  ['is not that of one that is gone', `update sqlite_sequence set seq = 40`, 41],
  [
    'is no old one where none is left',
    ['events', 'acts', 'observations', 'invoices'].map((table) => `delete from ${table}`).join(';'),
    28,
  ],
])('the number of a new invoice %s', (_, before, id) =>
  withOldDatabase(async (file) => {
    tamper(file, before);
    await using core = await startCore(file);
    expect(await core.create()).toMatchObject({ id, status: 'pending' });
  }),
);

test('references hold, and are watched over from then on', () =>
  withOldDatabase(async (file) => {
    const store = await openSqliteStore(file);
    try {
      const { rows } = await sql`pragma foreign_key_check`.execute(store.read);
      expect(rows).toEqual([]);
      const orphan = { public_id: 'x', account_id: 99, name: 'x', email: null, created_at: 0 };
      const added = store.write(async (tx) => {
        await tx.insertInto('users').values(orphan).execute();
      });
      await expect(added).rejects.toThrow('FOREIGN KEY');
      const gone = store.write(async (tx) => {
        await tx.deleteFrom('invoices').where('id', '=', 1).execute();
      });
      await expect(gone).rejects.toThrow('FOREIGN KEY');
    } finally {
      await store.close();
    }
  }));

describe('a core that starts on it', () => {
  test('finds all of it follow from its evidence', () =>
    withOldDatabase(async (file) => {
      await using core = await startCore(file);
      expect(await verifyLedger(core.store.read)).toEqual({
        invoices: 27,
        events: 86,
        discrepancies: [],
      });
    }));

  test('cancels, refunds and takes webhooks as for its own', () =>
    withOldDatabase(async (file) => {
      await using core = await startCore(file);
      const { invoices } = core.app.core;
      const key = { caller, idempotencyKey: null };
      expect(await invoices.cancel({ ...key, id: 1 })).toMatchObject({ status: 'canceled' });
      await core.psp.pay('mem_3');
      const { invoice } = await invoices.refund({ ...key, id: 3, amount: 50, reason: null });
      expect(invoice).toMatchObject({ status: 'partially_refunded', refunded: 50, net: 2000 });
      const events = await invoices.events({ caller, id: 3 });
      expect(events.map(({ type }) => type)).toEqual([
        'invoice.created',
        'invoice.opened',
        'invoice.paid',
        'invoice.refunded',
      ]);
      await core.pay('mem_2');
      expect(await core.get(2)).toMatchObject({ status: 'paid', received: 2050 });
      expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
    }));

  test('finishes what was under way: openings, a cancel and a refund whose answers were lost', () =>
    withOldDatabase(async (file) => {
      await using core = await startCore(file);
      await core.psp.pay('mem_21');
      await core.psp.pay('mem_25');
      core.clock.advance(minute);
      await core.app.work();
      expect(await core.get(22)).toMatchObject({ status: 'partially_refunded', refunded: 1000 });
      expect(await core.get(24)).toMatchObject({ status: 'canceled' });
      expect(await core.get(26)).toMatchObject({ status: 'pending', providerRef: 'mem_26' });
      expect(await core.get(27)).toMatchObject({ status: 'paid', providerRef: 'mem_25' });
      expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
    }));

  test('asks on about those that are open, and ends them at their time', () =>
    withOldDatabase(async (file) => {
      await using core = await startCore(file);
      await core.psp.pay('mem_1');
      core.clock.advance(20 * minute);
      await core.app.work();
      expect(await core.get(1)).toMatchObject({ status: 'paid' });
      expect(await core.get(6)).toMatchObject({ status: 'partially_paid' });
      core.clock.advance(10 * 24 * 60 * minute);
      await core.app.work();
      const { acts } = await core.app.core.invoices.explain({ caller, id: 6 });
      expect(acts).toMatchObject([{ kind: 'expire', state: 'done' }]);
      expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
    }));

  test('lists, explains and travels in time as before', () =>
    withOldDatabase(async (file) => {
      await using core = await startCore(file);
      const { invoices } = core.app.core;
      const { invoices: found } = await invoices.list({
        caller,
        filter: { text: 'zurich' },
        after: null,
        limit: 10,
      });
      expect(found.map(({ id }) => id)).toEqual([3]);
      const { transitions, acts } = await invoices.explain({ caller, id: 13 });
      expect(transitions.at(-1)).toMatchObject({
        type: 'invoice.canceled',
        observation: { source: 'act' },
      });
      expect(acts).toMatchObject([{ kind: 'cancel', state: 'done' }]);
      const { createdAt } = await core.get(3);
      expect(await invoices.get({ caller, id: 3, at: createdAt })).toMatchObject({
        status: 'pending',
        amount: 2050,
      });
    }));

  test('answers a request again under its key as it did', () =>
    withOldDatabase(async (file) => {
      await using core = await startCore(file);
      const item = { type: 'flight', id: '1' };
      const asked = { idempotencyKey: 'create-1', description: 'Flight LIS–ZRH', item };
      expect(await core.create(asked)).toMatchObject({ id: 1, status: 'pending' });
      const { refund } = await core.app.core.invoices.refund({
        caller,
        id: 9,
        idempotencyKey: 'refund-1',
        amount: 50,
        reason: 'changed their mind',
      });
      expect(refund).toMatchObject({ id: 1, state: 'done' });
    }));
});
