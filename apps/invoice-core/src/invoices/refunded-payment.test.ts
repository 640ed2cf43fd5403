import type { Received, RefundInput } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { type AskedCore, openAsked } from '../checkouts/checkouts-under-test.ts';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { verifyLedger } from './verify-ledger.ts';

const minute = 60_000;

const refund = ({ app, caller }: CoreUnderTest, amount: number | null, key: string | null = null) =>
  app.core.invoices.refund({ caller, id: 1, idempotencyKey: key, amount, reason: null });

/** Of which payments money is asked back. */
const askedOf = (provider: CoreUnderTest['psp']['provider']): RefundInput['payment'][] => {
  const asked: RefundInput['payment'][] = [];
  const { refund: real } = provider;
  provider.refund = (input) => {
    asked.push(input.payment);
    return real(input);
  };
  return asked;
};

const pay = async (core: AskedCore, charge: string, amount = 100, payer = 'grace') => {
  core.clock.advance(1);
  await core.telegram.pay(core.ref, { charge, payer, money: { amount, currency: 'XTR' } });
  await core.tell();
};

const booksAreRight = async ({ store }: CoreUnderTest): Promise<void> => {
  expect((await verifyLedger(store.read)).discrepancies).toEqual([]);
};

describe('where a payment is given back whole', () => {
  test('it is, to whoever paid it, and not in parts', async () => {
    await using core = await openAsked();
    const asked = askedOf(core.telegram.provider);
    await expect(refund(core, null)).rejects.toMatchObject({ code: 'conflict' });
    await pay(core, 'c1');
    for (const amount of [1, 99, 101]) {
      await expect(refund(core, amount)).rejects.toMatchObject({
        code: 'invalid_request',
        param: 'amount',
      });
    }
    await expect(refund(core, 99)).rejects.toThrow(
      'must be a whole payment, which is 100: it cannot be parted',
    );
    expect(asked).toEqual([]);
    const { refund: act, invoice } = await refund(core, null, 'k');
    expect(asked).toEqual([{ ref: 'c1', payer: 'grace' }]);
    expect(act).toMatchObject({ state: 'done', amount: 100, providerRef: 'refund:c1' });
    expect(invoice).toMatchObject({ status: 'refunded', refunded: 100, net: 0 });
    await expect(refund(core, null)).rejects.toMatchObject({ code: 'conflict' });
    expect(await refund(core, null, 'k')).toEqual({ refund: act, invoice });
    await booksAreRight(core);
  });

  test('of several, the one is given back whose amount is asked for, each once', async () => {
    await using core = await openAsked();
    const asked = askedOf(core.telegram.provider);
    await pay(core, 'c1', 100, 'ada');
    await pay(core, 'c2', 60, 'grace');
    await pay(core, 'c3', 100, 'eve');
    const which = { code: 'invalid_request', message: expect.stringContaining('100 or 60 or 100') };
    await expect(refund(core, null)).rejects.toMatchObject(which);
    await expect(refund(core, 160)).rejects.toMatchObject(which);
    for (const amount of [60, 100]) await refund(core, amount);
    await expect(refund(core, 60)).rejects.toThrow('which is 100:');
    const { invoice } = await refund(core, null);
    expect(invoice).toMatchObject({ status: 'refunded', refunded: 260, net: 0 });
    expect(asked).toEqual([
      { ref: 'c2', payer: 'grace' },
      { ref: 'c3', payer: 'eve' },
      { ref: 'c1', payer: 'ada' },
    ]);
    await booksAreRight(core);
  });

  test('two at once give back two, and a third nothing', async () => {
    await using core = await openAsked();
    const asked = askedOf(core.telegram.provider);
    await pay(core, 'c1');
    await pay(core, 'c2');
    const results = await Promise.allSettled([1, 2, 3].map(() => refund(core, 100)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(new Set(asked.map((payment) => payment?.ref))).toEqual(new Set(['c1', 'c2']));
    expect(await core.get()).toMatchObject({ refunded: 200 });
  });

  test('one whose outcome is not known stays that payment’s, though more money comes meanwhile', async () => {
    await using core = await openAsked();
    await pay(core, 'c1');
    const asked = askedOf(core.telegram.provider);
    const { refund: real } = core.telegram.provider;
    core.telegram.provider.refund = async (input) => {
      await real(input);
      throw new Error('the line is dead');
    };
    await expect(refund(core, null, 'k')).rejects.toMatchObject({ code: 'outcome_unknown' });
    core.telegram.provider.refund = real;
    await pay(core, 'c2', 100, 'ada');
    core.clock.advance(minute);
    await core.app.work();
    expect(asked).toEqual([
      { ref: 'c1', payer: 'grace' },
      { ref: 'c1', payer: 'grace' },
    ]);
    expect(await core.get()).toMatchObject({ refunded: 100, net: 100 });
    await booksAreRight(core);
  });

  test('never more is given back than is left', async () => {
    await using core = await openAsked();
    await pay(core, 'c1');
    const told: Received = {
      observations: [
        {
          evidenceId: 'elsewhere',
          ref: core.ref,
          occurredAt: new Date(core.clock.now()).toISOString(),
          facts: [
            {
              kind: 'refund',
              ref: 're_1',
              money: { amount: 40, currency: 'XTR' },
              state: 'succeeded',
            },
          ],
          providerData: null,
          raw: null,
        },
      ],
      hints: [],
      reply: { status: 200, headers: {}, body: '' },
    };
    core.telegram.provider.receive = () => Promise.resolve(told);
    await core.receive({ headers: {}, body: '' });
    expect(await core.get()).toMatchObject({ refunded: 40, net: 60 });
    const asked = askedOf(core.telegram.provider);
    for (const amount of [null, 60, 100]) {
      await expect(refund(core, amount)).rejects.toMatchObject({ param: 'amount' });
    }
    expect(asked).toEqual([]);
  });

  test('one that was refused can be asked for again', async () => {
    await using core = await openAsked();
    await pay(core, 'c1');
    const { refund: real } = core.telegram.provider;
    core.telegram.provider.refund = () =>
      Promise.reject(new DomainError('provider_refused', 'The balance is too low'));
    await expect(refund(core, null)).rejects.toMatchObject({ code: 'provider_refused' });
    core.telegram.provider.refund = real;
    expect((await refund(core, null)).invoice).toMatchObject({ status: 'refunded' });
    await booksAreRight(core);
  });
});

describe('where a payment can be parted', () => {
  const openPaid = async (...payments: [ref: string, amount: number][]) => {
    const core = await openCore();
    await core.app.core.invoices.create(core.invoice());
    await core.psp.pay('mem_1');
    for (const [ref, amount] of payments) {
      const { headers, body } = core.psp.webhook({
        id: `evt_${ref}`,
        ref: 'mem_1',
        at: new Date(core.clock.now()).toISOString(),
        facts: [
          {
            kind: ref === 'total' ? 'received' : 'payment',
            ref: ref === 'total' ? 'mem_1' : ref,
            money: { amount, currency: 'USD' },
            paidAt: null,
            payer: 'ada',
          },
        ],
      });
      const webhook = { headers, body };
      await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
    }
    return core;
  };

  test('the one there is is named, however much of it is given back', async () => {
    await using core = await openPaid(['mem_1', 2050]);
    const asked = askedOf(core.psp.provider);
    await refund(core, 50);
    await refund(core, null);
    expect(asked).toEqual([
      { ref: 'mem_1', payer: 'ada' },
      { ref: 'mem_1', payer: 'ada' },
    ]);
  });

  test('of several, the one whose whole money it is; else none', async () => {
    await using core = await openPaid(['p1', 1000], ['p2', 1050]);
    const asked = askedOf(core.psp.provider);
    await refund(core, 500);
    await refund(core, 1050);
    await refund(core, 500);
    expect(asked).toEqual([null, { ref: 'p2', payer: 'ada' }, null]);
  });

  test('money that is told of as a total is no payment that could be named', async () => {
    await using core = await openPaid(['total', 2050]);
    const asked = askedOf(core.psp.provider);
    await refund(core, null);
    expect(asked).toEqual([null]);
    await using other = await openPaid(['total', 2050], ['p1', 1000]);
    const askedOther = askedOf(other.psp.provider);
    await refund(other, 1000);
    await refund(other, 1000);
    expect(askedOther).toEqual([{ ref: 'p1', payer: 'ada' }, null]);
  });
});
