import type { Delivery, Invoice } from '@quittance/contracts';
import { listen } from '@quittance/runtime';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { verifyLedger } from '../invoices/verify-ledger.ts';
import {
  addEndpoint,
  create,
  createMany,
  deliveriesOf,
  messageAt,
  pay,
  runsOf,
  settleAll,
  stranger,
  typesOf,
} from './endpoints-under-test.ts';

const minute = 60_000;

const iso = ({ clock }: CoreUnderTest, afterMs = 0): string =>
  new Date(clock.now() + afterMs).toISOString();

const replay = (
  { app, caller }: CoreUnderTest,
  id: string,
  what: Parameters<CoreUnderTest['app']['core']['endpoints']['replay']>[0]['what'],
) => app.core.endpoints.replay({ caller, id, what });

const startedOver = (core: CoreUnderTest, delivery: Delivery | undefined) => ({
  ...delivery,
  state: 'pending',
  nextAttemptAt: iso(core),
  settledAt: null,
});

const triesOf = async ({ store }: CoreUnderTest): Promise<number[]> => {
  const rows = await store.read.selectFrom('deliveries').select('tries').orderBy('id').execute();
  return rows.map(({ tries }) => tries);
};

describe('one delivery', () => {
  test.each(['succeeded', 'failed'] as const)('%s, starts over', async (state) => {
    await using core = await openCore();
    await addEndpoint(core);
    await create(core);
    await settleAll(core, state);
    const [first, second] = await deliveriesOf(core);
    core.clock.advance(minute);
    const { caller } = core;
    const again = await core.app.core.deliveries.replay({ caller, id: first?.id ?? '' });
    expect(again).toEqual(startedOver(core, first));
    expect(await deliveriesOf(core)).toEqual([again, second]);
    expect(again.attempts).toBe(10);
    expect(await triesOf(core)).toEqual([0, 10]);
    expect(await runsOf(core)).toEqual({ 1: core.clock.now() });
  });

  test('still pending, is made at once and from the start of its schedule', async () => {
    await using core = await openCore();
    await addEndpoint(core);
    await create(core);
    await core.store.write(async (tx) => {
      const late = { tries: 5, next_attempt_at: core.clock.now() + minute };
      await tx.updateTable('deliveries').set(late).execute();
    });
    const [first] = await deliveriesOf(core);
    const { caller } = core;
    const again = await core.app.core.deliveries.replay({ caller, id: first?.id ?? '' });
    expect(again).toEqual(startedOver(core, first));
    expect(await triesOf(core)).toEqual([0, 5]);
  });
});

test('all that failed of an endpoint, and of no other', async () => {
  await using core = await openCore();
  const one = await addEndpoint(core);
  const two = await addEndpoint(core);
  await createMany(core, 300);
  await settleAll(core, 'failed');
  await create(core);
  await settleAll(core, 'succeeded');
  core.clock.advance(minute);
  const { id } = one.endpoint;
  expect(await replay(core, id, { kind: 'failed' })).toEqual({ deliveries: 600 });
  const count = async (endpointId: string, state: Delivery['state']) => {
    const { deliveries } = core.app.core;
    let found = 0;
    let after: string | null = null;
    do {
      const filter = { endpointId, state };
      const page: Awaited<ReturnType<typeof deliveries.list>> = await deliveries.list({
        caller: core.caller,
        filter,
        after,
        limit: 200,
      });
      found += page.deliveries.length;
      after = page.next;
    } while (after !== null);
    return found;
  };
  expect(await count(id, 'pending')).toBe(600);
  expect(await count(id, 'succeeded')).toBe(2);
  expect(await count(two.endpoint.id, 'failed')).toBe(600);
  expect(await runsOf(core)).toEqual({ 1: core.clock.now() });
  expect(await replay(core, id, { kind: 'failed' })).toEqual({ deliveries: 0 });
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
}, 20_000);

describe('a range', () => {
  test('is every event of it that is asked for, sent before or not, also from before the endpoint', async () => {
    await using core = await openCore();
    await create(core);
    core.clock.advance(minute);
    const since = iso(core);
    const foreign = await stranger(core);
    await create(core, { caller: foreign });
    await create(core);
    await pay(core);
    const { endpoint } = await addEndpoint(core, {
      eventTypes: ['invoice.created', 'invoice.opened', 'invoice.paid'],
    });
    await create(core);
    await settleAll(core, 'succeeded');
    const before = await deliveriesOf(core);
    core.clock.advance(minute);
    const until = iso(core);
    await create(core);
    const last = (await deliveriesOf(core)).slice(2);
    await settleAll(core, 'succeeded');
    const unreplayed = (await deliveriesOf(core)).slice(2);
    expect(last).toHaveLength(2);

    expect(await replay(core, endpoint.id, { kind: 'range', since, until })).toEqual({
      deliveries: 5,
    });
    const after = await deliveriesOf(core);
    expect(typesOf(after)).toEqual([
      'invoice.created',
      'invoice.opened',
      'invoice.paid',
      'invoice.created',
      'invoice.opened',
      'invoice.created',
      'invoice.opened',
    ]);
    expect(after.slice(0, 3)).toMatchObject([{ attempts: 0 }, { attempts: 0 }, { attempts: 0 }]);
    expect(after.slice(3, 5)).toEqual(before.map((delivery) => startedOver(core, delivery)));
    expect(after.slice(5)).toEqual(unreplayed);
    expect(after.every(({ webhookId, position }) => webhookId === `evt_${position}`)).toBe(true);
    const paid = after.find(({ type }) => type === 'invoice.paid');
    expect(await messageAt(core, paid?.position ?? 0)).toMatchObject({
      type: 'invoice.paid',
      data: { seq: 3, invoice: { number: 1, status: 'paid' } },
    });
    expect(await runsOf(core)).toEqual({ 1: core.clock.now() });

    const picky = await addEndpoint(core, { eventTypes: ['invoice.paid'] });
    const range = { kind: 'range', since, until } as const;
    expect(await replay(core, picky.endpoint.id, range)).toEqual({ deliveries: 1 });

    // The beginning counts, the end does not.
    const moment = { kind: 'range', since, until: new Date(Date.parse(since) + 1).toISOString() };
    expect(await replay(core, endpoint.id, { ...moment, kind: 'range' })).toEqual({
      deliveries: 5,
    });
    const none = { kind: 'range', since: iso(core, 1), until: iso(core, 2) } as const;
    expect(await replay(core, endpoint.id, none)).toEqual({ deliveries: 0 });
  });

  test('of many events is made in parts, others writing in between, and misses none', async () => {
    await using core = await openCore();
    const since = iso(core);
    const many = 5000;
    const invoices: Invoice[] = [];
    for (let count = 0; count < many / 50; count += 1) invoices.push(await create(core));
    await core.store.write(async (tx) => {
      for (const invoice of invoices) {
        const events = Array.from({ length: 50 }, (_, index) => ({
          account_id: core.caller.accountId,
          invoice_id: invoice.id,
          invoice_public_id: invoice.publicId,
          seq: index + 3,
          type: 'invoice.payment_failed',
          status: 'pending',
          rule: 'x',
          occurred_at: core.clock.now(),
        }));
        await tx.insertInto('events').values(events).execute();
      }
    });
    const { endpoint } = await addEndpoint(core);
    const all = many + invoices.length * 2;
    let units = 0;
    const counting = async (): Promise<void> => {
      while (units >= 0) {
        await core.store.write(() => Promise.resolve());
        units += 1;
      }
    };
    const others = counting();
    const range = { kind: 'range', since, until: iso(core, 1) } as const;
    expect(await replay(core, endpoint.id, range)).toEqual({ deliveries: all });
    expect(units).toBeGreaterThan(many / 500);
    units = Number.NEGATIVE_INFINITY;
    await others;
    const positions = await core.store.read
      .selectFrom('deliveries')
      .select('position')
      .orderBy('position')
      .execute();
    expect(positions).toHaveLength(all);
    expect(positions.at(-1)).toEqual({ position: all });
  }, 60_000);

  test('must end after it begins', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core);
    const range = { kind: 'range', since: iso(core), until: iso(core) } as const;
    await expect(replay(core, endpoint.id, range)).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'until',
    });
  });
});

describe('what was replayed once says the same for good', () => {
  const spoiled = 'Spoiled since';

  const spoilHistory = async ({ store }: CoreUnderTest): Promise<void> => {
    await store.write(async (tx) => {
      await tx.updateTable('invoices').set({ description: spoiled }).execute();
    });
  };

  const bodiesOf = async (core: CoreUnderTest, positions: number[]) => {
    const { app, caller } = core;
    const bodies: string[] = [];
    for (const position of positions) {
      bodies.push((await app.core.events.message({ caller, position })).body);
    }
    return bodies;
  };

  test('of a range', async () => {
    await using core = await openCore();
    await create(core);
    await pay(core);
    const { endpoint } = await addEndpoint(core, { eventTypes: ['invoice.paid'] });
    const bodies = await bodiesOf(core, [1, 2, 3]);
    const range = { kind: 'range', since: iso(core), until: iso(core, 1) } as const;
    await replay(core, endpoint.id, range);
    const stored = () => core.store.read.selectFrom('webhook_messages').selectAll().execute();
    expect(await stored()).toEqual([{ position: 3, format: 'standard', body: bodies[2] }]);
    await spoilHistory(core);
    expect((await bodiesOf(core, [2])).join()).toContain(spoiled);
    expect(await bodiesOf(core, [3])).toEqual(bodies.slice(2));
    await replay(core, endpoint.id, range);
    expect(await stored()).toEqual([{ position: 3, format: 'standard', body: bodies[2] }]);
  });

  test('of one delivery', async () => {
    await using core = await openCore();
    await addEndpoint(core);
    await create(core);
    await core.store.write(async (tx) => {
      await tx.deleteFrom('webhook_messages').execute();
    });
    const bodies = await bodiesOf(core, [1, 2]);
    const [first] = await deliveriesOf(core);
    await core.app.core.deliveries.replay({ caller: core.caller, id: first?.id ?? '' });
    await spoilHistory(core);
    expect(await bodiesOf(core, [1])).toEqual(bodies.slice(0, 1));
  });
});

test('a disabled endpoint is not replayed to', async () => {
  await using core = await openCore();
  const { endpoint } = await addEndpoint(core);
  await create(core);
  await settleAll(core, 'failed');
  const [delivery] = await deliveriesOf(core);
  const { caller } = core;
  await core.app.core.endpoints.update({ caller, id: endpoint.id, enabled: false });
  const range = { kind: 'range', since: iso(core), until: iso(core, 1) } as const;
  const refused = await Promise.allSettled([
    replay(core, endpoint.id, { kind: 'failed' }),
    replay(core, endpoint.id, range),
    core.app.core.deliveries.replay({ caller, id: delivery?.id ?? '' }),
  ]);
  for (const one of refused) {
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
  }
  expect(await deliveriesOf(core, { state: 'pending' })).toEqual([]);
});

test('what happened before there was an endpoint arrives', async () => {
  await using core = await openCore();
  const received: string[] = [];
  const receiver = await listen(
    (request, response) => {
      received.push(String(request.headers['webhook-id']));
      request.resume().on('end', () => response.end());
    },
    { host: '127.0.0.1', port: 0 },
  );
  const since = iso(core);
  await create(core);
  await pay(core);
  const { endpoint } = await addEndpoint(core, { url: receiver.url, ordered: true });
  await replay(core, endpoint.id, { kind: 'range', since, until: iso(core, 1) });
  for (let round = 0; round < 3; round += 1) await core.app.work();
  await receiver.close();
  expect(received).toEqual(['evt_1', 'evt_2', 'evt_3']);
  expect(await deliveriesOf(core, { state: 'succeeded' })).toHaveLength(3);
});
