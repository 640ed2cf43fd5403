import type { Fact } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type AdapterUnderTest, withAdapter } from './adapter-under-test.ts';
import { dataOf } from './read-under-test.ts';

interface Paid {
  ref: string;
  /** What the invoice's webhook says. */
  hint: string;
}

/** An invoice over 20.50 USD that a payment of 18.45 USD is bound to, so long ago that nobody will tell of it any more. */
const paidShort = async (
  { provider, order, payWith, webhooks, later }: AdapterUnderTest,
  { id = 1, isLater = true } = {},
): Promise<Paid> => {
  const ref = (await provider.open(order(id))).observation.ref ?? '';
  await payWith(ref, { amount: 'short', bind: true });
  const [webhook] = await webhooks(ref);
  if (!webhook) throw new Error('Expected a webhook');
  if (isLater) later();
  return { ref, hint: webhook.body };
};

const look = async (
  { provider }: AdapterUnderTest,
  {
    ref,
    hint = null,
    object = null,
  }: { ref: string; hint?: string | null; object?: string | null },
) => {
  const { observations } = await provider.find({
    by: 'ref',
    ref,
    object,
    hints: hint === null ? [] : [hint],
    isUrgent: true,
  });
  const [observation] = observations;
  if (!observation) throw new Error('Expected an observation');
  return observation;
};

const worthIn = ({ facts }: { facts: readonly Fact[] }): number[] =>
  facts.flatMap((fact) => (fact.kind === 'payment' ? [fact.money.amount] : []));

const Hint = z.record(z.string(), z.record(z.string(), z.unknown()));

/** The hint with one field changed, e.g. `payment.hash`. */
const changed = (hint: string, path: string, value: unknown): string => {
  const body = Hint.parse(JSON.parse(hint));
  const [part = '', field = ''] = path.split('.');
  const before = body[part]?.[field];
  expect(before).toBeDefined();
  expect(before).not.toBe(value);
  return JSON.stringify({ ...body, [part]: { ...body[part], [field]: value } });
};

test('Bitsby’s word that it is paid is worth the whole amount, while nothing else is known', () =>
  withAdapter(async (adapter) => {
    const { ref } = await paidShort(adapter);
    expect(worthIn(await look(adapter, { ref }))).toEqual([2050]);
  }));

const transaction = {
  amount: '18.45000000',
  hash: 'f0935262',
  transactionDatetime: '2026-01-01 12:00:00',
};
const listed = (body: object) => ({ body: JSON.stringify({ result: 'success', data: body }) });

const processing = { kind: 'progress', state: 'processing' };

test('while its webhook may yet come, a payment is on its way', () => {
  let now = 1_800_000_000_000;
  return withAdapter(
    async (adapter) => {
      const { ref, hint } = await paidShort(adapter, { isLater: false });
      now += 6 * 60_000;
      const { facts, providerData: object } = await look(adapter, { ref });
      expect(facts).toEqual([
        { kind: 'ends', time: expect.any(String) },
        { ...processing, reason: 'Bitsby says that it is paid; its worth is not known yet' },
      ]);
      expect(worthIn(await look(adapter, { ref, object, hint }))).toEqual([1845]);
      now += 1;
      expect(worthIn(await look(adapter, { ref, object }))).toEqual([2050]);
    },
    { clock: () => now },
  );
});

test('whoever comes first, the webhook or the look, a payment is worth the same', () =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter, { isLater: false });
    const first = await look(adapter, { ref });
    const second = await look(adapter, { ref, object: first.providerData, hint });
    const other = await look(adapter, { ref, hint });
    expect([worthIn(first), worthIn(second), worthIn(other)]).toEqual([[], [1845], [1845]]);
  }));

test('the webhooks of two payments are both used', () =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter, { isLater: false });
    const { payment } = Hint.parse(JSON.parse(hint));
    const second = { ...payment, id: 'p2', hash: 'h2' };
    const other = JSON.stringify({
      ...Hint.parse(JSON.parse(changed(hint, 'invoice.calcAmountFiat', '2.00'))),
      payment: second,
    });
    const invoice = { id: ref };
    const payments = [payment, second].map((one) => ({ ...one, invoice }));
    adapter.answer('/payments/list', listed(payments));
    const { observations } = await adapter.provider.find({
      by: 'ref',
      ref,
      object: null,
      hints: [other, changed(hint, 'payment.hash', 'forged'), hint],
      isUrgent: true,
    });
    const [seen] = observations;
    expect(worthIn(seen ?? { facts: [] }).toSorted((a, b) => a - b)).toEqual([200, 1845]);
    expect(dataOf(seen)).toMatchObject({ calcAmountFiat: '2.00' });
  }));

test('what is known counts while what else came is on its way', () =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter, { isLater: false });
    const { payment } = Hint.parse(JSON.parse(hint));
    const invoice = { id: ref };
    const payments = [payment, { ...payment, id: 'p2', hash: 'h2' }].map((one) => ({
      ...one,
      invoice,
    }));
    adapter.answer('/payments/list', listed(payments));
    const { facts } = await look(adapter, { ref, hint });
    expect(facts).toMatchObject([
      { kind: 'ends' },
      processing,
      { ref: payment?.['id'], money: { amount: 1845 } },
    ]);
  }));

test.each([
  [3, 1],
  [9, 1],
  [10, 2],
  [25, 3],
])('%i payments are read in %i pages', (count, pages) =>
  withAdapter(async (adapter) => {
    const { ref } = await paidShort(adapter);
    const all = Array.from({ length: count }, (_, n) => ({
      ...transaction,
      id: `p${n}`,
      invoice: { id: ref, calcAmountFiat: '1.00' },
    }));
    for (let page = 0; page < 3; page += 1) {
      adapter.answer('/payments/list', listed(all.slice(page * 10, page * 10 + 10)));
    }
    adapter.calls.length = 0;
    expect(worthIn(await look(adapter, { ref }))).toHaveLength(count);
    expect(adapter.calls).toEqual(['/invoices/list', ...Array(pages).fill('/payments/list')]);
  }),
);

test('a webhook that fits what Bitsby lists says what it was worth, and who takes the commission', () =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter);
    const seen = await look(adapter, { ref, hint });
    expect(worthIn(seen)).toEqual([1845]);
    expect(dataOf(seen)).toMatchObject({
      calcAmountFiat: '18.45',
      project: { name: 'Shop', commissionPayer: 'seller', commissionRate: '1' },
      payments: [{ calcAmountFiat: '18.45' }],
    });
  }));

test('what is known of a payment’s worth stays known, without a webhook or against one', () =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter);
    const seen = await look(adapter, { ref, hint });
    const object = seen.providerData;
    expect(dataOf(await look(adapter, { ref, object }))).toEqual(dataOf(seen));
    expect(worthIn(await look(adapter, { ref, object }))).toEqual([1845]);
    const forged = changed(hint, 'invoice.calcAmountFiat', '9999.00');
    const again = await look(adapter, { ref, object, hint: forged });
    expect(worthIn(again)).toEqual([1845]);
    expect(dataOf(again)).toMatchObject({ calcAmountFiat: '18.45' });
  }));

test.each([
  ['of another invoice', 'invoice.id', 'a4c9e2ee-0f6b-4e14-8a0c-5a2f1f3c7d11'],
  ['in another currency', 'invoice.currencyFiat', 'EUR'],
  ['of another payment', 'payment.id', 'f986ad8d-5d5f-4a0e-9a6e-0d1f4b6f2c33'],
  ['of another transaction', 'payment.hash', '74763b65'],
  ['without one', 'payment.hash', null],
  ['of another amount', 'payment.amount', '18.45000001'],
  ['whose worth is no amount', 'invoice.calcAmountFiat', '18.4567'],
  ['whose worth is below nothing', 'invoice.calcAmountFiat', '-18.45'],
  ['whose worth is written otherwise', 'invoice.calcAmountFiat', '1e9'],
])('a webhook %s is not used', (_title, path, value) =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter);
    const seen = await look(adapter, { ref, hint: changed(hint, path, value) });
    expect(worthIn(seen)).toEqual([2050]);
    expect(dataOf(seen)).not.toHaveProperty('calcAmountFiat');
  }),
);

test.each(['', 'no JSON', '[]', '{"invoice":{}}'])(
  'a webhook that is none is not used: %s',
  (hint) =>
    withAdapter(async (adapter) => {
      const { ref } = await paidShort(adapter);
      expect(worthIn(await look(adapter, { ref, hint }))).toEqual([2050]);
    }),
);

test('the older webhook says what a payment was worth too', () =>
  withAdapter(
    async (adapter) => {
      const { ref, hint } = await paidShort(adapter);
      expect(hint).not.toContain('commissionRate');
      expect(worthIn(await look(adapter, { ref, hint }))).toEqual([1845]);
    },
    { settings: { webhookBody: 'older' } },
  ));

test.each([
  ['beside the payment', { calcAmountFiat: '18.00' }, {}],
  ['beside its invoice', {}, { calcAmountFiat: 18 }],
])('should Bitsby’s own list say the worth %s, that is it', (_title, ofPayment, ofInvoice) =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter);
    const { payment } = Hint.parse(JSON.parse(hint));
    const invoice = { id: ref, ...ofInvoice };
    adapter.answer('/payments/list', listed([{ ...payment, ...ofPayment, invoice }]));
    expect(worthIn(await look(adapter, { ref, hint }))).toEqual([1800]);
  }),
);

test('of several payments, the first of unknown worth accounts for the rest of the amount', () =>
  withAdapter(async (adapter) => {
    const { ref, hint } = await paidShort(adapter);
    const { payment } = Hint.parse(JSON.parse(hint));
    const known = { ...payment, invoice: { id: ref } };
    const other = (id: string) => ({
      ...transaction,
      id,
      invoice: { id: ref, calcAmountFiat: '7.00' },
    });
    const facts = async (
      payments: object[],
      object: string | null = null,
      said: string | null = null,
    ) => {
      adapter.answer('/payments/list', listed(payments));
      const seen = await look(adapter, { ref, object, hint: said });
      const worths = seen.facts.flatMap((fact) =>
        fact.kind === 'payment' ? [[fact.ref, fact.money.amount]] : [],
      );
      return { worths, object: seen.providerData };
    };
    expect((await facts([known, other('p2'), other('p1')], null, hint)).worths).toEqual([
      ['p1', 205],
      ['p2', 0],
      [payment?.['id'], 1845],
    ]);

    const first = await facts([other('p2')], null, null);
    expect(first.worths).toEqual([['p2', 700]]);
  }));

test('payments that come later do not change which one it was', () =>
  withAdapter(async (adapter) => {
    const { ref } = await paidShort(adapter);
    const payment = (id: string) => ({ ...transaction, id, invoice: { id: ref } });
    adapter.answer('/payments/list', listed([payment('p2')]));
    const first = await look(adapter, { ref });
    adapter.answer('/payments/list', listed([payment('p1'), payment('p2')]));
    const second = await look(adapter, { ref, object: first.providerData });
    expect([worthIn(first), worthIn(second)]).toEqual([[2050], [2050, 0]]);
    expect(second.facts.at(-1)).toMatchObject({ ref: 'p1' });
  }));

test('payments of other invoices are none of this one', () =>
  withAdapter(async (adapter) => {
    const { ref } = await paidShort(adapter);
    const unbound = { ...transaction, id: 'p1' };
    adapter.answer(
      '/payments/list',
      listed([unbound, { ...unbound, id: 'p2', invoice: { id: 'x' } }]),
    );
    const { facts } = await look(adapter, { ref });
    expect(facts).toMatchObject([{ kind: 'ends' }, { kind: 'progress', state: 'processing' }]);
  }));

test('money that came by no blockchain is money', () =>
  withAdapter(async (adapter) => {
    const { ref } = await paidShort(adapter);
    const byCard = { id: 'p1', amount: 18.45, transactionDatetime: '2026-01-01 12:00:00' };
    adapter.answer('/payments/list', listed([{ ...byCard, invoice: { id: ref } }]));
    const { facts } = await look(adapter, { ref });
    expect(facts.at(-1)).toEqual({
      kind: 'payment',
      ref: 'p1',
      money: { amount: 2050, currency: 'USD' },
      paidAt: '2026-01-01T12:00:00.000Z',
      payer: null,
    });
  }));

test('too much is told as it is', () =>
  withAdapter(async (adapter) => {
    const { provider, order, payWith, webhooks } = adapter;
    const ref = (await provider.open(order())).observation.ref ?? '';
    await payWith(ref, { amount: 'over', bind: true });
    const [webhook] = await webhooks(ref);
    expect(worthIn(await look(adapter, { ref, hint: webhook?.body ?? null }))).toEqual([2255]);
  }));
