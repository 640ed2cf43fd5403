import type { Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { verifyLedger } from './verify-ledger.ts';

/** The first invoice at the provider. */
const mem1 = {
  by: 'ref' as const,
  ref: 'mem_1',
  object: null,
  hints: [],
  isUrgent: false,
};

const minute = 60_000;

const create = (core: CoreUnderTest, change: Parameters<CoreUnderTest['invoice']>[0] = {}) =>
  core.app.core.invoices.create(core.invoice(change));

const get = ({ app, caller }: CoreUnderTest, id = 1, at: string | null = null): Promise<Invoice> =>
  app.core.invoices.get({ caller, id, at });

const deliver = async (core: CoreUnderTest, ref = 'mem_1'): Promise<void> => {
  for (const webhook of await core.psp.webhooks(ref)) {
    await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
  }
};

const pay = async (core: CoreUnderTest, ref = 'mem_1'): Promise<void> => {
  await core.psp.pay(ref);
  await deliver(core, ref);
};

const cancel = (core: CoreUnderTest, key: string | null = null) =>
  core.app.core.invoices.cancel({ caller: core.caller, id: 1, idempotencyKey: key });

const refund = (core: CoreUnderTest, amount: number | null, key: string | null = null) =>
  core.app.core.invoices.refund({
    caller: core.caller,
    id: 1,
    idempotencyKey: key,
    amount,
    reason: null,
  });

const iso = ({ clock }: CoreUnderTest, afterMs = 0): string =>
  new Date(clock.now() + afterMs).toISOString();

const booksAreRight = async ({ store }: CoreUnderTest): Promise<void> => {
  expect((await verifyLedger(store.read)).discrepancies).toEqual([]);
};

describe('expiry', () => {
  test('may be a time to come, and no other', async () => {
    await using core = await openCore();
    const time = iso(core, minute);
    expect(await create(core, { expiry: { kind: 'at', time } })).toMatchObject({ expiresAt: time });
    const passed = { kind: 'at', time: iso(core) } as const;
    await expect(create(core, { expiry: passed })).rejects.toMatchObject({ param: 'expiresAt' });
  });

  test('ends an invoice at its second, at its provider too, and not before', async () => {
    await using core = await openCore();
    await create(core, { expiry: { kind: 'in', seconds: 60 } });
    core.clock.advance(minute - 1);
    await core.app.work();
    expect(await get(core)).toMatchObject({ status: 'pending' });
    core.clock.advance(1);
    await core.app.work();
    expect(await get(core)).toMatchObject({ status: 'expired', exception: 'none' });
    core.clock.advance(minute);
    await core.app.work();
    await expect(core.psp.provider.find(mem1)).resolves.toMatchObject({
      observations: [{ facts: [{ state: 'canceled' }] }],
    });
    expect(await get(core)).toMatchObject({ status: 'expired' });
    await booksAreRight(core);
  });

  test('leaves an invoice that was paid in time alone, also when that is told later', async () => {
    await using core = await openCore();
    await create(core, { expiry: { kind: 'in', seconds: 60 } });
    await core.psp.pay('mem_1');
    core.clock.advance(2 * minute);
    await core.app.work();
    expect(await get(core)).toMatchObject({ status: 'expired' });
    await deliver(core);
    expect(await get(core)).toMatchObject({ status: 'paid', exception: 'none' });
    await booksAreRight(core);
  });

  test('money that came after it is late, and settles it unless the account says otherwise', async () => {
    await using core = await openCore();
    await create(core, { expiry: { kind: 'in', seconds: 60 } });
    const { accountId } = core.caller;
    const policy = {
      tolerance: { kind: 'absolute', amount: 0 },
      topUp: true,
      late: 'flag',
    } as const;
    await core.app.core.identities.setPolicy({ accountId, policy });
    await create(core, { expiry: { kind: 'in', seconds: 60 } });
    core.psp.provider.act = () => new Promise(() => {});
    core.clock.advance(2 * minute);
    void core.app.work();
    await expect.poll(async () => (await get(core, 2)).status).toBe('expired');
    await pay(core, 'mem_1');
    await pay(core, 'mem_2');
    expect(await get(core, 1)).toMatchObject({ status: 'paid', exception: 'late' });
    expect(await get(core, 2)).toMatchObject({
      status: 'expired',
      exception: 'late',
      received: 2050,
      net: 2050,
    });
    await booksAreRight(core);
    core.psp.provider.act = () => Promise.reject(new Error('over'));
  }, 10_000);
});

describe('cancel', () => {
  test('ends an invoice and its payable at the provider; the key gives the same answer', async () => {
    await using core = await openCore();
    await create(core);
    const canceled = await cancel(core, 'k');
    expect(canceled.status).toBe('canceled');
    expect(await cancel(core, 'k')).toEqual(canceled);
    expect(await cancel(core)).toMatchObject({ status: 'canceled' });
    await booksAreRight(core);
  });

  test('a payment that came first wins', async () => {
    await using core = await openCore();
    await create(core);
    await core.psp.pay('mem_1');
    await expect(cancel(core)).rejects.toMatchObject({ code: 'conflict' });
    expect(await get(core)).toMatchObject({ status: 'paid', received: 2050 });
    await expect(cancel(core)).rejects.toThrow('Money has arrived');
    await booksAreRight(core);
  });

  test('one that was refused can be asked for again, with another key', async () => {
    await using core = await openCore();
    await create(core);
    const { act: real } = core.psp.provider;
    const keys: string[] = [];
    core.psp.provider.act = ({ key }) => {
      keys.push(key);
      return Promise.reject(new DomainError('provider_refused', 'It is processing'));
    };
    await expect(cancel(core)).rejects.toMatchObject({ code: 'conflict' });
    await expect(cancel(core)).rejects.toThrow('It is processing');
    expect(new Set(keys).size).toBe(2);
    core.psp.provider.act = real;
    expect(await cancel(core)).toMatchObject({ status: 'canceled' });
    await booksAreRight(core);
  });

  test('an unknown outcome is told as such, and settled by background work', async () => {
    await using core = await openCore();
    await create(core);
    const { act: real } = core.psp.provider;
    core.psp.provider.act = async (input) => {
      await real(input);
      throw new Error('the line is dead');
    };
    await expect(cancel(core, 'k')).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await get(core)).toMatchObject({ status: 'pending' });
    core.psp.provider.act = real;
    core.clock.advance(minute);
    await core.app.work();
    expect(await get(core)).toMatchObject({ status: 'canceled' });
    expect(await cancel(core, 'k')).toMatchObject({ status: 'canceled' });
    await booksAreRight(core);
  });
});

describe('refund', () => {
  test('in parts, never above what was received, and all that is left', async () => {
    await using core = await openCore();
    await create(core);
    await expect(refund(core, 1)).rejects.toMatchObject({ code: 'conflict' });
    await pay(core);
    await expect(refund(core, 2051)).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'amount',
    });
    const first = await refund(core, 50, 'k');
    expect(first).toMatchObject({
      refund: { kind: 'refund', state: 'done', amount: 50 },
      invoice: { status: 'partially_refunded', refunded: 50, net: 2000 },
    });
    expect(await refund(core, 50, 'k')).toEqual(first);
    await expect(refund(core, 51, 'k')).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    expect((await refund(core, null)).invoice).toMatchObject({ status: 'refunded', net: 0 });
    await expect(refund(core, 1)).rejects.toMatchObject({ code: 'conflict' });
    await booksAreRight(core);
  });

  test('20 at once never give back more than was received', async () => {
    await using core = await openCore();
    await create(core);
    await pay(core);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => refund(core, 300)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect(await get(core)).toMatchObject({ refunded: 1800, net: 250 });
    await booksAreRight(core);
  });

  test('a lost answer keeps the amount set aside until it is found out', async () => {
    await using core = await openCore();
    await create(core);
    await pay(core);
    const { refund: real } = core.psp.provider;
    core.psp.provider.refund = async (input) => {
      await real(input);
      throw new Error('the line is dead');
    };
    await expect(refund(core, 2000, 'k')).rejects.toMatchObject({ code: 'outcome_unknown' });
    await expect(refund(core, 51)).rejects.toMatchObject({ code: 'invalid_request' });
    const { acts } = await core.app.core.invoices.explain({ caller: core.caller, id: 1 });
    expect(acts).toMatchObject([{ kind: 'refund', state: 'pending', amount: 2000 }]);
    core.psp.provider.refund = real;
    core.clock.advance(minute);
    await core.app.work();
    expect(await get(core)).toMatchObject({ refunded: 2000, status: 'partially_refunded' });
    expect((await refund(core, 2000, 'k')).refund.state).toBe('done');
    await booksAreRight(core);
  });
});

test.each(['won', 'lost'] as const)(
  'a dispute is opened and %s: the invoice keeps paid',
  async (end) => {
    await using core = await openCore();
    await create(core);
    await pay(core);
    for (const state of ['open', end] as const) {
      core.clock.advance(minute);
      await core.psp.dispute('mem_1', state);
      await deliver(core);
      expect(await get(core)).toMatchObject({ status: 'paid', disputed: state, received: 2050 });
    }
    const events = await core.app.core.invoices.events({ caller: core.caller, id: 1 });
    expect(events.slice(2).map(({ type }) => type)).toEqual([
      'invoice.paid',
      'invoice.disputed',
      'invoice.dispute_closed',
    ]);
    await booksAreRight(core);
  },
);

test('an invoice that expires while its opening is unknown is still found, closed and counted', async () => {
  await using core = await openCore();
  await core.psp.failNextOpen('lost_answer');
  await expect(create(core, { expiry: { kind: 'in', seconds: 1 } })).rejects.toThrow('not known');
  core.clock.advance(1000);
  await core.app.work();
  expect(await get(core)).toMatchObject({ status: 'expired', providerRef: null });
  core.clock.advance(minute);
  await core.app.work();
  expect(await get(core)).toMatchObject({ status: 'expired', providerRef: 'mem_1' });
  core.clock.advance(minute);
  await core.app.work();
  expect((await core.psp.provider.find(mem1)).observations).toMatchObject([
    { facts: [{ state: 'canceled' }] },
  ]);
  await booksAreRight(core);
});

test('late money whose webhook was lost is found by asking on', async () => {
  await using core = await openCore();
  core.psp.provider.act = () => Promise.reject(new DomainError('provider_refused', 'Busy'));
  await create(core, { expiry: { kind: 'in', seconds: 60 } });
  core.clock.advance(minute);
  await core.app.work();
  core.clock.advance(30 * minute);
  await core.app.work();
  expect(await get(core)).toMatchObject({ status: 'expired', received: 0 });
  await core.psp.pay('mem_1');
  core.clock.advance(60 * minute);
  await core.app.work();
  expect(await get(core)).toMatchObject({ status: 'paid', exception: 'late' });
  await booksAreRight(core);
});

test('what was made in the sandbox is not asked about, canceled or refunded at a real provider', async () => {
  await using core = await openCore();
  await create(core);
  await pay(core);
  await create(core, { expiry: { kind: 'in', seconds: 60 } });
  const live = await core.restart({ sandbox: false });
  const calls: string[] = [];
  const reached = (name: string) => () => {
    calls.push(name);
    return Promise.reject(new Error('reached'));
  };
  core.psp.provider.find = reached('find');
  core.psp.provider.act = reached('cancel');
  core.psp.provider.refund = reached('refund');
  core.clock.advance(60 * minute);
  await live.work();
  await live.work();
  const { caller } = core;
  const asked = { caller, idempotencyKey: null };
  await expect(
    live.core.invoices.refund({ ...asked, id: 1, amount: 1, reason: null }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await expect(live.core.invoices.cancel({ ...asked, id: 2 })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(calls).toEqual([]);
});

test('a refund that comes back is told as such, and nobody is told paid twice', async () => {
  await using core = await openCore();
  await create(core);
  await pay(core);
  const { observation } = await core.psp.provider
    .refund({
      ref: 'mem_1',
      payment: null,
      key: 're',
      money: { amount: 2050, currency: 'USD' },
      mayBeDone: false,
    })
    .then((one) => ({ observation: one }));
  const tell = (state: 'succeeded' | 'failed', evidenceId: string) => {
    core.clock.advance(1000);
    const facts = observation.facts.map((fact) =>
      fact.kind === 'refund' ? { ...fact, state } : fact,
    );
    const occurredAt = iso(core);
    core.psp.provider.receive = () =>
      Promise.resolve({
        observations: [{ ...observation, evidenceId, facts, occurredAt }],
        hints: [],
        reply: { status: 200, headers: {}, body: '' },
      });
    const webhook = { headers: {}, body: '' };
    return core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
  };
  await tell('succeeded', 'e1');
  expect(await get(core)).toMatchObject({ status: 'refunded' });
  await tell('failed', 'e2');
  expect(await get(core)).toMatchObject({ status: 'paid', refunded: 0 });
  const events = await core.app.core.invoices.events({ caller: core.caller, id: 1 });
  expect(events.slice(2).map(({ type }) => type)).toEqual([
    'invoice.paid',
    'invoice.refunded',
    'invoice.refund_failed',
  ]);
  await booksAreRight(core);
});

test("a key that canceled nothing is still its request's own", async () => {
  await using core = await openCore();
  await create(core);
  await cancel(core);
  expect(await cancel(core, 'k')).toMatchObject({ status: 'canceled' });
  await expect(refund(core, 1, 'k')).rejects.toMatchObject({ code: 'idempotency_mismatch' });
});

test('polling finds a payment that no webhook told of', async () => {
  await using core = await openCore();
  await create(core);
  await core.psp.pay('mem_1');
  core.clock.advance(15 * minute);
  await core.app.work();
  expect(await get(core)).toMatchObject({ status: 'paid' });
  await booksAreRight(core);
});

test('time travel: the invoice as it stood, as far as was known', async () => {
  await using core = await openCore();
  const before = iso(core, -1);
  await create(core);
  const opened = iso(core);
  core.clock.advance(minute);
  await pay(core);
  core.clock.advance(minute);
  await refund(core, 50);
  await expect(get(core, 1, before)).rejects.toMatchObject({ code: 'not_found' });
  expect(await get(core, 1, opened)).toMatchObject({ status: 'pending', received: 0 });
  expect(await get(core, 1, iso(core, -1))).toMatchObject({ status: 'paid', refunded: 0 });
  expect(await get(core, 1, iso(core))).toEqual(await get(core));
});

test('explain gives each transition with its evidence, its bytes and its rule', async () => {
  await using core = await openCore();
  await create(core);
  core.clock.advance(minute);
  await pay(core);
  await refund(core, 50);
  const explanation = await core.app.core.invoices.explain({ caller: core.caller, id: 1 });
  const [webhook] = await core.psp.webhooks('mem_1');
  expect(explanation.transitions).toMatchObject([
    { type: 'invoice.created', observation: null },
    { type: 'invoice.opened', observation: { source: 'open' } },
    { type: 'invoice.paid', observation: { source: 'webhook', raw: webhook?.body } },
    { type: 'invoice.refunded', observation: { source: 'refund' }, act: { amount: 50 } },
  ]);
  for (const { rule } of explanation.transitions) expect(rule).toMatch(/\w+ \w+/);
});

test('the feed goes on from any position without skip or repeat, while writers run', async () => {
  await using core = await openCore();
  const seen: number[] = [];
  const writing = new Set([Promise.all(Array.from({ length: 40 }, () => create(core)))]);
  for (const writers of writing) void writers.then(() => writing.delete(writers));
  const readOn = async (): Promise<number> => {
    const after = seen.at(-1) ?? 0;
    const events = await core.app.core.events.feed({ caller: core.caller, after, limit: 7 });
    seen.push(...events.map(({ position }) => position));
    return events.length;
  };
  while (writing.size > 0) {
    await readOn();
    await new Promise((resolve) => setImmediate(resolve));
  }
  while ((await readOn()) > 0);
  expect(seen).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
});

test('another account sees none of it', async () => {
  await using core = await openCore();
  await create(core);
  const { identities, invoices, events } = core.app.core;
  const other = await identities.createAccount({ name: 'Other' });
  const user = await identities.createUser({ accountId: other.id, name: 'Eve', email: null });
  const caller = { accountId: other.id, userId: user.id };
  const { publicId } = await get(core);
  const key = { idempotencyKey: null };
  for (const id of [1, publicId]) {
    for (const attempt of [
      invoices.get({ caller, id, at: null }),
      invoices.events({ caller, id }),
      invoices.explain({ caller, id }),
      invoices.cancel({ caller, id, ...key }),
      invoices.refund({ caller, id, ...key, amount: 1, reason: null }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
    }
  }
  expect(await events.feed({ caller, after: 0, limit: 10 })).toEqual([]);
  expect(await invoices.list({ caller, filter: {}, after: null, limit: 10 })).toEqual({
    invoices: [],
    next: null,
  });
});
