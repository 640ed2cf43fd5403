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

/** Runs on a database as the version before left it, with an endpoint and what was sent to it. */
const withDatabase = (run: (file: string, folder: string) => Promise<void>): Promise<void> =>
  withOldDatabase(async (file, folder) => {
    tamper(file, sent);
    await run(file, folder);
  }, '0005-webhook-endpoints');

const sent = `
  insert into endpoints (id, public_id, account_id, url, headers, header_names, ordered, created_at, updated_at)
    values (3, 'ep_000000000000000000000003', 1, 'http://127.0.0.1:9/', 'sealed', '[]', 1, 5, 6);
  insert into webhook_messages (position, body) select position, '{"of":' || position || '}' from events where id_of;
  insert into deliveries (public_id, account_id, endpoint_id, position, type, state, attempts, tries, created_at)
    select 'del_' || position, 1, 3, position, type, 'succeeded', 1, 1, 7 from events where id_of`.replaceAll(
  'id_of',
  'position in (2, 3, 5)',
);

const added = [
  'index invoices_by_flow',
  'index invoices_by_project',
  'index invoices_unopened',
  'index project_providers_ref',
  'index projects_account',
  'table lanes',
  'table project_providers',
  'table projects',
];

const without = (row: Row, ...columns: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));

test('every row is there afterwards, as it was, beside what it has none of', () =>
  withDatabase(async (file) => {
    const before = readContents(file).rows;
    await open(file);
    const after = readContents(file).rows;
    const {
      invoices = [],
      endpoints = [],
      webhook_messages = [],
      sqlite_sequence,
      ...same
    } = before;
    expect(after).toMatchObject(same);
    const unknown = { project_id: null, payload: null, open_tried_at: null, looked_at: null };
    expect(invoices).toHaveLength(27);
    expect(after.invoices).toEqual(invoices.map((row): Row => ({ ...row, ...unknown })));
    expect(endpoints).toHaveLength(1);
    const standard = { project_id: null, format: 'standard', retries: 'standard' };
    expect(after.endpoints).toEqual(endpoints.map((row): Row => ({ ...row, ...standard })));
    expect(webhook_messages).toHaveLength(3);
    expect(after.webhook_messages).toEqual(
      webhook_messages.map((row): Row => ({ ...row, format: 'standard' })),
    );
    expect(after.sqlite_sequence).toEqual(expect.arrayContaining(sqlite_sequence ?? []));
    for (const table of ['projects', 'project_providers', 'lanes']) {
      expect(after[table]).toEqual([]);
    }
  }));

test('tables, columns and indexes are those of a new database, and none was lost', () =>
  withDatabase(async (file, folder) => {
    const before = readContents(file).schema;
    const fresh = join(folder, 'fresh.db');
    await open(file);
    await open(fresh);
    const after = readContents(file).schema;
    expect(after).toEqual(readContents(fresh).schema);
    const changed = ['table invoices', 'table endpoints', 'table users', 'table webhook_messages'];
    const same = Object.entries(before).filter(([name]) => !changed.includes(name));
    expect(after).toMatchObject(Object.fromEntries(same));
    const names = Object.keys(after).filter((name) => !(name in before));
    const own = names.filter((name) => !name.includes('sqlite_autoindex'));
    expect(own).toEqual(expect.arrayContaining(added));
  }));

test('references hold, and are watched over from then on; a message is there once in a format', () =>
  withDatabase(async (file) => {
    const store = await openSqliteStore(file);
    try {
      const { rows } = await sql`pragma foreign_key_check`.execute(store.read);
      expect(rows).toEqual([]);
      const addMessage = (position: number, format: string) =>
        store.write(async (tx) => {
          await tx.insertInto('webhook_messages').values({ position, format, body: '' }).execute();
        });
      await expect(addMessage(2, 'standard')).rejects.toThrow('UNIQUE');
      await addMessage(2, 'bitsby');
      await expect(addMessage(999, 'bitsby')).rejects.toThrow('FOREIGN KEY');
      const inProject = store.write(async (tx) => {
        await tx.updateTable('invoices').set({ project_id: 9 }).where('id', '=', 1).execute();
      });
      await expect(inProject).rejects.toThrow('FOREIGN KEY');
    } finally {
      await store.close();
    }
  }));

describe('a core that starts on it', () => {
  test('finds all of it follow from its evidence', () =>
    withDatabase(async (file) => {
      await using core = await startCore(file);
      const report = await verifyLedger(core.store.read);
      expect(report).toMatchObject({ invoices: 27, events: 86 });
      expect(report.discrepancies.filter((one) => 'invoiceId' in one)).toEqual([]);
    }));

  test('shows every invoice, in no project and with no payload, as it was shown before', () =>
    withDatabase(async (file) => {
      await using core = await startCore(file);
      const rows = readContents(file).rows.invoices ?? [];
      const mine = rows.filter((row) => row.account_id === 1);
      expect(mine.length).toBeGreaterThan(20);
      for (const row of mine) {
        const expiresAt =
          row.expires_at === null ? null : new Date(Number(row.expires_at)).toISOString();
        expect(await core.get(Number(row.id))).toMatchObject({
          projectId: null,
          payload: null,
          publicId: row.public_id,
          status: row.status,
          received: row.received,
          expiresAt,
        });
      }
    }));

  test('answers a repeated request as it was answered before there were projects', () =>
    withDatabase(async (file) => {
      const records = readContents(file).rows.idempotency_records ?? [];
      expect(records.length).toBeGreaterThan(0);
      await using core = await startCore(file);
      const kept = await core.create({ idempotencyKey: 'new' });
      const old = without({ ...kept }, 'projectId', 'payload');
      await core.store.write(async (tx) => {
        await tx
          .updateTable('idempotency_records')
          .set({ outcome: JSON.stringify({ ok: true, value: old }) })
          .where('key', '=', 'new')
          .execute();
      });
      expect(await core.create({ idempotencyKey: 'new' })).toEqual(kept);
    }));

  test('goes on sending what was made before, and tells of projects from now on', () =>
    withDatabase(async (file) => {
      await using core = await startCore(file);
      const { events, projects } = core.app.core;
      for (const position of [2, 3, 5]) {
        const { body } = await events.message({ caller, position });
        expect(body).toBe(`{"of":${position}}`);
      }
      const project = await projects.create({
        caller,
        idempotencyKey: null,
        name: 'Shop',
        providers: [{ provider: 'bitsby', ref: 'shop_1' }],
      });
      const options = core.bitsby.options;
      const made = await core.create({ projectId: project.id, payload: 'mine', options });
      expect(made).toMatchObject({ status: 'pending', projectId: project.id, payload: 'mine' });
    }));
});
