import { readWebhookEvent } from '@quittance/contracts/webhooks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore, stripeInvoice } from '../core-under-test.ts';
import { addEndpoint, create, pay } from './endpoints-under-test.ts';
import { forget, sendNothing, storedMessages } from './messages-under-test.ts';

const minute = 60_000;

const deliver = async ({ psp, app }: CoreUnderTest, ref: string): Promise<void> => {
  for (const webhook of await psp.webhooks(ref)) {
    await app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
  }
};

type Step = (core: CoreUnderTest, ref: string, id: number) => Promise<unknown>;

/** What may happen in the life of the invoice that the provider calls `ref`. What cannot be is refused. */
const steps: Record<string, Step> = {
  create: (core) => create(core, { expiry: { kind: 'in', seconds: 120 } }),
  createForm: (core) => create(core, { options: stripeInvoice({ draft: true }) }),
  refused: async (core) => {
    await core.psp.failNextOpen('refused');
    await create(core);
  },
  lost: async (core) => {
    await core.psp.failNextOpen('lost_answer');
    await create(core);
  },
  decline: async (core, ref) => {
    await core.psp.decline(ref);
    await deliver(core, ref);
  },
  pay,
  payUnheard: async (core, ref) => {
    await core.psp.pay(ref);
  },
  dispute: async (core, ref) => {
    await core.psp.dispute(ref, 'open');
    await deliver(core, ref);
  },
  lose: async (core, ref) => {
    await core.psp.dispute(ref, 'lost');
    await deliver(core, ref);
  },
  refund: (core, _, id) =>
    core.app.core.invoices.refund({
      caller: core.caller,
      id,
      idempotencyKey: null,
      amount: 500,
      reason: null,
    }),
  cancel: (core, _, id) =>
    core.app.core.invoices.cancel({ caller: core.caller, id, idempotencyKey: null }),
  finalize: (core, _, id) =>
    core.app.core.invoices.operate({
      caller: core.caller,
      id,
      idempotencyKey: null,
      act: { kind: 'finalize' },
    }),
  work: async (core) => {
    core.clock.advance(minute);
    await core.app.work();
    core.clock.advance(1);
  },
  wait: (core) => {
    core.clock.advance(1000);
    return Promise.resolve();
  },
};

test('a message made from history is the one that was written with the event', async () => {
  const life = fc.array(
    fc.record({
      step: fc.constantFrom(...Object.keys(steps)),
      invoice: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 4, maxLength: 14 },
  );
  const numRuns = process.env.QUITTANCE_DEEP === undefined ? 40 : 500;
  let messages = 0;
  await fc.assert(
    fc.asyncProperty(life, async (happened) => {
      await using core = await openCore();
      const { endpoint } = await addEndpoint(core);
      await sendNothing(core);
      await steps.create?.(core, '', 0);
      for (const { step, invoice } of happened) {
        await steps[step]?.(core, `mem_${invoice}`, invoice).catch(() => undefined);
      }
      const { caller } = core;
      await core.app.core.endpoints.update({ caller, id: endpoint.id, enabled: false });

      const stored = await storedMessages(core);
      const message = (position: number) => core.app.core.events.message({ caller, position });
      for (const { position, body } of stored) {
        expect(await message(position)).toEqual({ webhookId: `evt_${position}`, body });
      }
      await forget(core);
      for (const { position, body } of stored) {
        expect(await message(position)).toEqual({ webhookId: `evt_${position}`, body });
        messages += 1;
      }
    }),
    { numRuns },
  );
  expect(messages).toBeGreaterThan(numRuns * 3);
}, 300_000);

/** Has every message made from history, and compares. @returns the types and statuses told */
const remakeAll = async (core: CoreUnderTest): Promise<string[]> => {
  const stored = await storedMessages(core);
  await forget(core);
  const { caller } = core;
  for (const { position, body } of stored) {
    expect((await core.app.core.events.message({ caller, position })).body).toBe(body);
  }
  return stored.map(({ body }) => {
    const event = readWebhookEvent(body);
    if (event.type === 'unknown' || !('invoice' in event.data)) throw new Error('Of no invoice');
    return `${event.type} ${event.data.invoice.status}`;
  });
};

describe('so is that of events of one moment', () => {
  test.each(['before', 'after'])(
    'when somebody made an invoice at the provider %s its customer was ours',
    async (when) => {
      await using core = await openCore();
      await addEndpoint(core);
      const usd = { amount: 3300, currency: 'USD' };
      const flow = 'stripe.invoice' as const;
      const foreign = { flow, customerRef: 'cus_ada', money: usd, description: 'Made by hand' };
      const at = '2026-01-01T00:00:00.000Z';
      const about = { ref: 'in_1', foreign, object: { id: 'in_1' }, at };
      const paid = { kind: 'received', ref: 'in_1', money: usd, paidAt: at } as const;
      const awaiting = { kind: 'progress', state: 'awaiting', reason: null } as const;
      const customer = { ref: 'cus_ada', userKey: null, name: 'Ada', email: null, currency: 'USD' };
      core.psp.addCustomer(customer);
      const becomeUser = async (): Promise<void> => {
        const { accountId } = core.caller;
        const named = { accountId, provider: 'stripe', customerRef: 'cus_ada' } as const;
        await core.app.core.identities.userOfCustomer(named);
      };
      if (when === 'after') await becomeUser();
      for (const said of [
        { ...about, id: 'e1', facts: [awaiting] },
        { ...about, id: 'e2', facts: [awaiting, paid] },
      ]) {
        const webhook = core.psp.webhook(said);
        await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
      }
      core.clock.advance(1000);
      if (when === 'before') await becomeUser();
      expect(await remakeAll(core)).toEqual(
        when === 'before'
          ? ['invoice.created creating', 'invoice.opened paid', 'invoice.paid paid']
          : ['invoice.created creating', 'invoice.opened pending', 'invoice.paid paid'],
      );
    },
  );

  test('when an invoice expires just after its payer was declined', async () => {
    await using core = await openCore();
    await addEndpoint(core);
    await create(core, { expiry: { kind: 'in', seconds: 60 } });
    core.clock.advance(minute);
    await core.psp.decline('mem_1');
    await deliver(core, 'mem_1');
    await core.app.work();
    expect((await remakeAll(core)).slice(0, 4)).toEqual([
      'invoice.created creating',
      'invoice.opened pending',
      'invoice.payment_failed pending',
      'invoice.expired expired',
    ]);
  });
});

test('so is that of events between which the clock was set back', async () => {
  await using core = await openCore();
  await addEndpoint(core);
  await create(core, { expiry: { kind: 'in', seconds: 600 } });
  core.clock.advance(minute);
  await core.psp.decline('mem_1');
  await deliver(core, 'mem_1');
  core.clock.advance(-minute / 2);
  await core.app.core.invoices.cancel({ caller: core.caller, id: 1, idempotencyKey: null });
  core.clock.advance(-minute / 4);
  await pay(core);
  core.clock.advance(-minute / 8);
  await core.psp.dispute('mem_1', 'open');
  await deliver(core, 'mem_1');
  const told = await remakeAll(core);
  expect(told.length).toBeGreaterThanOrEqual(4);
  expect(told.slice(0, 3)).toEqual([
    'invoice.created creating',
    'invoice.opened pending',
    'invoice.payment_failed pending',
  ]);
});
