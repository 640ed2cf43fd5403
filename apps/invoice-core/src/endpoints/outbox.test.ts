import { silentLogger } from '@quittance/runtime';
import { type KyselyPlugin, sql, TableNode } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import type { Store } from '../store/store.ts';
import {
  addEndpoint,
  create,
  deliveriesOf,
  endpointOf,
  messageAt,
  pay,
  runsOf,
  stranger,
  typesOf,
} from './endpoints-under-test.ts';

const life = ['invoice.created', 'invoice.opened', 'invoice.paid'];

const tables = ['invoices', 'events', 'webhook_messages', 'deliveries', 'jobs'] as const;

const counts = async ({ store }: CoreUnderTest): Promise<Record<string, number>> => {
  const counted = await Promise.all(
    tables.map(async (table) => {
      const rows = await store.read.selectFrom(table).selectAll().execute();
      return [table, rows.length] as const;
    }),
  );
  return Object.fromEntries(counted);
};

/** Makes the database refuse, at the very end of a unit, what that writes last. */
const refuse = async ({ store }: CoreUnderTest, when: string): Promise<void> => {
  await store.write(async (tx) => {
    await sql`create trigger refuse ${sql.raw(when)} begin select raise(abort, 'refused'); end`.execute(
      tx,
    );
  });
};

const allow = async ({ store }: CoreUnderTest): Promise<void> => {
  await store.write(async (tx) => {
    await sql`drop trigger refuse`.execute(tx);
  });
};

describe('every event of an invoice', () => {
  test('has a delivery for each endpoint, with the invoice as it was after it', async () => {
    await using core = await openCore();
    const one = await addEndpoint(core);
    const two = await addEndpoint(core);
    const invoice = await create(core);
    core.clock.advance(1000);
    await pay(core);
    const now = new Date(core.clock.now()).toISOString();
    for (const { endpoint } of [one, two]) {
      const deliveries = await deliveriesOf(core, { endpointId: endpoint.id });
      expect(typesOf(deliveries)).toEqual(life);
      expect(deliveries.at(-1)).toEqual({
        id: expect.stringMatching(/^del_[0-9a-f]{24}$/),
        endpointId: endpoint.id,
        webhookId: 'evt_3',
        type: 'invoice.paid',
        position: 3,
        invoicePublicId: invoice.publicId,
        state: 'pending',
        attempts: 0,
        nextAttemptAt: now,
        createdAt: now,
        settledAt: null,
      });
    }
    expect(await messageAt(core, 1)).toMatchObject({
      type: 'invoice.created',
      data: { version: 1, position: 1, seq: 1, invoice: { status: 'creating', providerRef: null } },
    });
    expect(await messageAt(core, 3)).toMatchObject({
      type: 'invoice.paid',
      timestamp: now,
      data: { seq: 3, invoice: { id: invoice.publicId, status: 'paid', received: 2050 } },
    });
  });

  test('has an endpoint seen to at once, or as soon as it may be called again', async () => {
    await using core = await openCore();
    await addEndpoint(core);
    await addEndpoint(core);
    const until = core.clock.now() + 60_000;
    await core.store.write(async (tx) => {
      await tx
        .updateTable('endpoints')
        .set({ throttled_until: until })
        .where('id', '=', 2)
        .execute();
    });
    await create(core);
    expect(await runsOf(core)).toEqual({ 1: core.clock.now(), 2: until });
    core.clock.advance(1000);
    await pay(core);
    expect(await runsOf(core)).toEqual({ 1: core.clock.now() - 1000, 2: until });
  });

  test('goes to those alone who ask for its type', async () => {
    await using core = await openCore();
    const paid = await addEndpoint(core, { eventTypes: ['invoice.paid', 'invoice.refunded'] });
    const other = await addEndpoint(core, { eventTypes: ['invoice.expired'] });
    await create(core);
    expect(await counts(core)).toMatchObject({ webhook_messages: 0, deliveries: 0 });
    await pay(core);
    const told = async (endpointId: string) => typesOf(await deliveriesOf(core, { endpointId }));
    expect(await told(paid.endpoint.id)).toEqual(['invoice.paid']);
    expect(await told(other.endpoint.id)).toEqual([]);
    expect(await counts(core)).toMatchObject({ webhook_messages: 1 });
  });

  test('goes to nobody of another account, and to none that is disabled', async () => {
    await using core = await openCore();
    const caller = await stranger(core);
    await core.app.core.endpoints.create(endpointOf({ caller }));
    const { endpoint } = await addEndpoint(core);
    await core.app.core.endpoints.update({ caller: core.caller, id: endpoint.id, enabled: false });
    await create(core);
    expect(await counts(core)).toMatchObject({ webhook_messages: 0, deliveries: 0 });
    await create(core, { caller });
    const deliveries = await deliveriesOf({ app: core.app, caller });
    expect(typesOf(deliveries)).toEqual(['invoice.created', 'invoice.opened']);
    expect(await deliveriesOf(core)).toEqual([]);
  });
});

describe('what changes an invoice and what is sent of it', () => {
  test('are stored both or not at all', async () => {
    await using core = await openCore();
    await addEndpoint(core);
    const before = await counts(core);
    // The last thing that the first transaction of a create writes.
    await refuse(core, `before insert on jobs when new.kind = 'open'`);
    await expect(create(core)).rejects.toThrow('refused');
    expect(await counts(core)).toEqual(before);
    await allow(core);

    // And the last but one of the second.
    await refuse(core, `before insert on jobs when new.kind = 'poll'`);
    await expect(create(core)).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(typesOf(await deliveriesOf(core))).toEqual(['invoice.created']);
    const afterFirst = await counts(core);
    expect(afterFirst).toMatchObject({ invoices: 1, events: 1, webhook_messages: 1 });
    await allow(core);
    core.clock.advance(10_000);
    await core.app.work();
    expect(typesOf(await deliveriesOf(core))).toEqual(['invoice.created', 'invoice.opened']);
  });

  test.each(['webhook_messages', 'deliveries'])('when %s cannot be written', async (table) => {
    await using core = await openCore();
    await addEndpoint(core);
    await create(core);
    const before = await counts(core);
    await refuse(core, `before insert on ${table}`);
    await expect(pay(core)).rejects.toThrow('refused');
    expect(await counts(core)).toEqual(before);
    const { caller } = core;
    expect(await core.app.core.invoices.get({ caller, id: 1, at: null })).toMatchObject({
      status: 'pending',
    });
    await allow(core);
    await pay(core);
    expect(typesOf(await deliveriesOf(core))).toEqual(life);
  });
});

/** A store that counts the queries of each unit that mention a table. */
const counting = (store: Store, table: string): { store: Store; perUnit: number[] } => {
  const perUnit: number[] = [];
  const tableNode = JSON.stringify(TableNode.create(table));
  return {
    perUnit,
    store: {
      ...store,
      write: (unit) =>
        store.write((tx) => {
          const index = perUnit.push(0) - 1;
          const counter: KyselyPlugin = {
            transformQuery: ({ node }) => {
              const mentioned = JSON.stringify(node).includes(tableNode);
              if (mentioned) perUnit[index] = (perUnit[index] ?? 0) + 1;
              return node;
            },
            transformResult: ({ result }) => Promise.resolve(result),
          };
          return unit(tx.withPlugin(counter));
        }),
    },
  };
};

test('an account without endpoints pays one read a transaction for there being any', async () => {
  await using core = await openCore();
  const queriesOn = async (table: string): Promise<number[]> => {
    const { store, perUnit } = counting(core.store, table);
    const app = createApp({
      store,
      providers: core.providers,
      sandbox: true,
      encryptionKey: Buffer.alloc(32),
      webhookNetworks: [],
      clock: core.clock.now,
      log: silentLogger,
    });
    await app.core.invoices.create(core.invoice());
    return perUnit;
  };
  expect(await queriesOn('endpoints')).toEqual([1, 1]);
  expect(await queriesOn('events')).toEqual([1, 1]);
  for (const table of ['webhook_messages', 'deliveries', 'endpoint_secrets', 'attempts']) {
    expect(await queriesOn(table)).toEqual([0, 0]);
  }
  const { rows } = await sql<{ detail: string }>`explain query plan select id, event_types,
    project_id, format, throttled_until from endpoints where account_id = 1 and disabled is null`.execute(
    core.store.read,
  );
  expect(rows.map(({ detail }) => detail)).toEqual([
    'SEARCH endpoints USING INDEX endpoints_account (account_id=?)',
  ]);
});
