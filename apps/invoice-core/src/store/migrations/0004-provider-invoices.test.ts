import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CreateInvoice } from '@quittance/contracts';
import { silentLogger } from '@quittance/runtime';
import { createMemoryProvider, createTestClock } from '@quittance/testing';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../app.ts';
import { verifyLedger } from '../../invoices/verify-ledger.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { makeOldDatabase, readContents, type Row, tamper } from './old-database-under-test.ts';

/** When the old database was left, UTC ms. */
const leftAt = 1_767_227_032_000;
const minute = 60_000;

const money = { amount: 2050, currency: 'USD' };

/** One that was refused, and one that did not get there. */
const neverOpened = new Set([14, 26]);

const withFolder = async (run: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-migrations-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const withOldDatabase = (run: (file: string, folder: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    const file = join(folder, 'old.db');
    await makeOldDatabase(file);
    await run(file, folder);
  });

const caller = { accountId: 1, userId: 1 };

/** A core on the database, with a provider that has what the old one had opened. */
const startCore = async (file: string) => {
  const store = await openSqliteStore(file);
  const clock = createTestClock(leftAt);
  const psp = createMemoryProvider(clock.now);
  const rows = await store.read.selectFrom('invoices').select(['id', 'public_id']).execute();
  for (const { id, public_id } of rows.filter((row) => !neverOpened.has(row.id))) {
    await psp.provider.open({
      key: `quittance-invoice-${public_id}`,
      invoiceId: id,
      createdAt: new Date(leftAt).toISOString(),
      mayBeOpen: false,
      money,
      description: null,
      options: psp.options,
      customer: { ref: null, userId: 1, key: 'ada', name: 'Ada', email: null },
    });
  }
  const providers = { stripe: psp.provider };
  const app = createApp({ store, providers, sandbox: true, clock: clock.now, log: silentLogger });
  const { invoices, webhooks } = app.core;
  return {
    app,
    store,
    psp,
    clock,
    get: (id: number) => invoices.get({ caller, id, at: null }),
    create: (change: Partial<CreateInvoice> = {}) =>
      invoices.create({
        caller,
        onBehalfOf: null,
        idempotencyKey: null,
        money,
        item: { type: 'flight', id: '1' },
        description: null,
        options: psp.options,
        expiry: null,
        ...change,
      }),
    pay: async (ref: string) => {
      await psp.pay(ref);
      for (const webhook of await psp.webhooks(ref)) {
        await webhooks.receive({ provider: 'stripe', webhook });
      }
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
};

const program = fileURLToPath(new URL('open-under-test.ts', import.meta.url));

/** Opens a database in a process of its own, killed so long after it has begun, in ms. */
const runOpen = async (
  file: string,
  killAfterMs?: number,
): Promise<{ lines: string[]; ended: unknown }> => {
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  const [code, signal] = await exit;
  return { lines, ended: signal ?? code };
};

const columns = (
  'account_id user_id provider flow options sandbox policy status exception amount currency received refunded ' +
  'disputed ledger item_type item_id event_count created_at updated_at version'
)
  .split(' ')
  .join(', ');

/** Enough that migrating them takes a while: copies of an invoice that failed. */
const manyInvoices = `
  with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 20000)
  insert into invoices (public_id, ${columns})
  select printf('%024x', n), ${columns} from numbers cross join invoices where id = 14`;

const open = async (file: string): Promise<void> => (await openSqliteStore(file)).close();

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
    const changed = ['table invoices', 'table observations', 'table acts'];
    const same = Object.entries(before).filter(([name]) => !changed.includes(name));
    expect(after).toMatchObject(Object.fromEntries(same));
    const added = Object.keys(after).filter((name) => !(name in before));
    expect(added.toSorted()).toEqual([
      'index customers_ref',
      'index invoice_refs_invoice',
      'index invoices_everywhere',
      'index invoices_everywhere_by_status',
      'index observations_foreign',
      'index sqlite_autoindex_invoice_refs_1',
      'table invoice_refs',
    ]);
  }));

test.each([
  ['is the next', 'select 1', 28],
  ['is not that of one that is gone', `update sqlite_sequence set seq = 40`, 41],
  [
    'is no old one where none is left',
    ['events', 'acts', 'observations', 'invoices'].map((table) => `delete from ${table}`).join(';'),
    28,
  ],
])('the number of a new invoice %s', (_, sql, id) =>
  withOldDatabase(async (file) => {
    tamper(file, sql);
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
        events: 85,
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
      core.clock.advance(24 * 60 * minute);
      await core.app.work();
      expect(await core.get(27)).toMatchObject({ status: 'expired' });
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
        for (const afterMs of [40, 120, 200]) {
          expect(await runOpen(file, afterMs)).toEqual({ lines: ['opening'], ended: 'SIGKILL' });
          expect(readContents(file)).toEqual(before);
        }
        expect(await runOpen(file)).toEqual({ lines: ['opening', 'opened'], ended: 0 });
        expect(readContents(file).rows.invoices).toHaveLength(before.rows.invoices?.length ?? 0);
      }),
    60_000,
  );
});

describe('opened by several at once', () => {
  test('in one process, one migrates and the others wait', () =>
    withOldDatabase(async (file) => {
      await Promise.all(Array.from({ length: 4 }, () => open(file)));
      const core = await startCore(file);
      expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
      await core[Symbol.asyncDispose]();
    }));

  test.each(['old', 'new'])(
    'in several processes, on one %s database',
    (age) =>
      withOldDatabase(async (old, folder) => {
        tamper(old, manyInvoices);
        const file = age === 'old' ? old : join(folder, 'new.db');
        const opened = { lines: ['opening', 'opened'], ended: 0 };
        const ends = await Promise.all([runOpen(file), runOpen(file), runOpen(file)]);
        expect(ends).toEqual([opened, opened, opened]);
        const rows = readContents(file).rows.invoices?.length;
        expect(rows).toBe(readContents(age === 'old' ? old : file).rows.invoices?.length);
      }),
    60_000,
  );
});
