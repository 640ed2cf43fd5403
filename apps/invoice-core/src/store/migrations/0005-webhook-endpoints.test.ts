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

/** Runs on a database as the version before left it. */
const withDatabase = (run: (file: string, folder: string) => Promise<void>): Promise<void> =>
  withOldDatabase(run, '0004-provider-invoices');

const added = [
  'index deliveries_by_endpoint',
  'index deliveries_by_endpoint_state',
  'index deliveries_by_invoice',
  'index deliveries_by_state',
  'index deliveries_by_time',
  'index deliveries_by_type',
  'index deliveries_due',
  'index deliveries_pending',
  'index endpoint_secrets_endpoint',
  'index endpoints_account',
  'index attempts_delivery',
  'table attempts',
  'table deliveries',
  'table endpoint_secrets',
  'table endpoints',
  'table webhook_messages',
];

test('every row is there afterwards, and every event as it was, beside nothing of its own', () =>
  withDatabase(async (file) => {
    const before = readContents(file).rows;
    await open(file);
    const after = readContents(file).rows;
    const { events: oldEvents = [], sqlite_sequence: oldSequence = [], ...same } = before;
    expect(after).toMatchObject(same);
    expect(oldEvents).toHaveLength(86);
    expect(after.events).toEqual(oldEvents.map((event): Row => ({ ...event, data: null })));
    expect(after.sqlite_sequence).toEqual(expect.arrayContaining(oldSequence));
    for (const table of ['endpoints', 'endpoint_secrets', 'deliveries', 'webhook_messages']) {
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
    const changed = ['table events', 'table invoices', 'table users'];
    const same = Object.entries(before).filter(([name]) => !changed.includes(name));
    expect(after).toMatchObject(Object.fromEntries(same));
    const names = Object.keys(after).filter((name) => !(name in before));
    expect(names).toEqual(expect.arrayContaining(added));
  }));

test.each([
  ['is the next', 'select 1', 87],
  [
    'is not that of one that is gone',
    `update sqlite_sequence set seq = 200 where name = 'events'`,
    201,
  ],
  ['is no old one where none is left', 'delete from events', 87],
])('the position of a new event %s', (_, before, position) =>
  withDatabase(async (file) => {
    tamper(file, before);
    const store = await openSqliteStore(file);
    const rows = await store.write((tx) =>
      tx
        .insertInto('events')
        .values({ account_id: 1, type: 'endpoint.disabled', rule: 'x', occurred_at: 0 })
        .returning('position')
        .execute(),
    );
    await store.close();
    expect(rows).toEqual([{ position }]);
  }),
);

test('references hold, and are watched over from then on; an invoice has each number once', () =>
  withDatabase(async (file) => {
    const store = await openSqliteStore(file);
    try {
      const { rows } = await sql`pragma foreign_key_check`.execute(store.read);
      expect(rows).toEqual([]);
      const event = { account_id: 1, type: 'x', rule: 'x', occurred_at: 0 };
      const add = (change: { invoice_id?: number; seq?: number; account_id?: number }) =>
        store.write(async (tx) => {
          await tx
            .insertInto('events')
            .values({ ...event, ...change })
            .execute();
        });
      await expect(add({ account_id: 99 })).rejects.toThrow('FOREIGN KEY');
      await expect(add({ invoice_id: 999, seq: 1 })).rejects.toThrow('FOREIGN KEY');
      await expect(add({ invoice_id: 1, seq: 1 })).rejects.toThrow('UNIQUE');
      await add({});
      await add({});
    } finally {
      await store.close();
    }
  }));

describe('a core that starts on it', () => {
  test('finds all of it follow from its evidence, and goes on', () =>
    withDatabase(async (file) => {
      await using core = await startCore(file);
      const report = { invoices: 27, events: 86, discrepancies: [] };
      expect(await verifyLedger(core.store.read)).toEqual(report);
      const { events } = core.app.core;
      const feed = await events.feed({ caller, after: 0, limit: 1000 });
      expect(feed).toHaveLength(
        readContents(file).rows.events?.filter((row) => row.account_id === 1).length ?? 0,
      );
      await core.create();
      const [created] = await events.feed({ caller, after: 86, limit: 1 });
      expect(created).toMatchObject({ position: 87, seq: 1, type: 'invoice.created' });
    }));

  test('gives the messages of what happened before there were endpoints, as it then was', () =>
    withDatabase(async (file) => {
      await using core = await startCore(file);
      const { events, invoices } = core.app.core;
      const { transitions } = await invoices.explain({ caller, id: 9 });
      for (const { position, seq, type, status, occurredAt } of transitions) {
        const { webhookId, body } = await events.message({ caller, position });
        expect(webhookId).toBe(`evt_${position}`);
        expect(JSON.parse(body)).toMatchObject({
          type,
          timestamp: occurredAt,
          data: {
            version: 1,
            position,
            seq,
            invoice: { number: 9, status, updatedAt: occurredAt },
          },
        });
      }
      expect(transitions.length).toBeGreaterThan(3);
    }));

  test('replays it to a new endpoint', () =>
    withDatabase(async (file) => {
      await using core = await startCore(file);
      const { endpoints, deliveries, events } = core.app.core;
      const { endpoint } = await endpoints.create({
        caller,
        idempotencyKey: null,
        url: 'http://127.0.0.1:9/',
        description: null,
        eventTypes: null,
        headers: {},
        ordered: true,
        projectId: null,
        format: 'standard',
        retries: 'standard',
      });
      const range = {
        since: new Date(0).toISOString(),
        until: new Date(core.clock.now() + 1).toISOString(),
      };
      const what = { kind: 'range', ...range } as const;
      const feed = await events.feed({ caller, after: 0, limit: 1000 });
      expect(await endpoints.replay({ caller, id: endpoint.id, what })).toEqual({
        deliveries: feed.length,
      });
      const page = await deliveries.list({ caller, filter: {}, after: null, limit: 200 });
      const positions = page.deliveries.map(({ position }) => position).toSorted((a, b) => a - b);
      expect(positions).toEqual(feed.map(({ position }) => position));
    }));
});
