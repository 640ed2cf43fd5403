import { parseJson } from '@quittance/rpc';
import { createTestClock } from '@quittance/testing';
import { expect, test } from 'vitest';
import {
  mixedLines,
  onlyInvoice,
  orderOf,
  tooMuch,
  withInvoiceAdapter,
} from './invoice-under-test.ts';

test('the invoice is what was asked for, whole, and collects itself', () =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const { observation, customerRef } = await provider.open(
      orderOf({ lines: mixedLines, footer: 'Thank you' }, 42),
    );
    const invoice = await onlyInvoice(stripe);
    expect(invoice).toMatchObject({
      id: observation.ref,
      status: 'open',
      auto_advance: true,
      collection_method: 'charge_automatically',
      amount_due: 3000,
      currency: 'usd',
      customer: customerRef,
      description: 'A flight',
      footer: 'Thank you',
      metadata: { invoice_id: '42', user: '1' },
    });
    expect(
      invoice.lines.data.map(({ description, amount, quantity }) => [
        description,
        amount,
        quantity,
      ]),
    ).toEqual([
      ['Seats', 3000, 3],
      ['Setup', 550, 1],
      ['2 × Voucher', -500, 1],
      ['Goodwill', -50, 1],
    ]);
    const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
    expect(observation).toMatchObject({
      aliases: [payment?.payment.payment_intent],
      facts: [
        { kind: 'progress', state: 'awaiting', reason: null },
        { kind: 'owed', money: { amount: 3000, currency: 'USD' } },
      ],
    });
    expect(observation.foreign).toBeUndefined();
    const shown = await stripe.invoices.retrieve(invoice.id, { expand: ['payments'] });
    expect(parseJson(observation.providerData ?? '')).toEqual(parseJson(JSON.stringify(shown)));
  }));

const day = 86_400;

test.each([
  ['in days', { kind: 'days', days: 14 }],
  ['at a time', { kind: 'at', time: '2026-01-15T00:00:00.000Z' }],
] as const)('one that is due %s is sent', (_title, due) => {
  const clock = createTestClock();
  return withInvoiceAdapter(
    async ({ provider, stripe }) => {
      await provider.open(orderOf({ due }));
      expect(await onlyInvoice(stripe)).toMatchObject({
        collection_method: 'send_invoice',
        status: 'open',
        auto_advance: true,
        due_date: clock.now() / 1000 + 14 * day,
      });
      expect((await stripe.events.list({ type: 'invoice.sent' })).data).toHaveLength(1);
    },
    { clock: clock.now },
  );
});

test('a draft is left a draft that nobody charges', () =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const order = orderOf({ lines: mixedLines, draft: true });
    const { observation } = await provider.open(order);
    expect(observation.facts).toEqual([
      { kind: 'progress', state: 'draft', reason: null },
      { kind: 'owed', money: { amount: 3000, currency: 'USD' } },
    ]);
    expect(await onlyInvoice(stripe)).toMatchObject({ status: 'draft', auto_advance: false });
    const found = await provider.find({ by: 'open', open: order });
    expect(found.observations).toMatchObject([{ ref: observation.ref }]);
  }));

test('the named customer is billed with the named payment method, and does not become the user’s', () =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const customer = (await stripe.customers.create({ email: 'named@example.com' })).id;
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    const order = orderOf({ customer, paymentMethod: method.id });
    expect((await provider.open(order)).customerRef).toBeNull();
    const invoice = await onlyInvoice(stripe);
    expect(invoice).toMatchObject({ customer, default_payment_method: method.id });
    expect((await stripe.customers.list()).data).toHaveLength(1);
    const found = await provider.find({ by: 'open', open: order });
    expect(found).toMatchObject({ observations: [{ ref: invoice.id }], customerRef: null });
  }));

test.each(['USD', 'JPY', 'ISK', 'UGX', 'KWD'])('%s goes to Stripe and back exactly', (currency) =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const special = [
      { description: 'One', quantity: 1, unitAmount: 90_000 },
      { description: 'Three', quantity: 3, unitAmount: 1_230 },
      { description: 'Less', quantity: 1, unitAmount: -3_690 },
    ];
    const money = { amount: 90_000, currency };
    const { observation } = await provider.open({ ...orderOf({ lines: special }), money });
    expect(observation.facts).toContainEqual({ kind: 'owed', money });
    const scale = ['ISK', 'UGX'].includes(currency) ? 100 : 1;
    const { lines: made } = await onlyInvoice(stripe);
    expect(made.data.map(({ amount }) => amount / scale)).toEqual([90_000, 3_690, -3_690]);
  }),
);

test('a line that Stripe has no units for is refused before anything is made', () =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const half = [
      { description: 'One and a half ariary', quantity: 2, unitAmount: 150 },
      { description: 'The rest', quantity: 1, unitAmount: 100_000 },
    ];
    const money = { amount: 100_300, currency: 'MGA' };
    await expect(provider.open({ ...orderOf({ lines: half }), money })).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('MGA'),
    });
    expect((await stripe.invoices.list()).data).toEqual([]);
  }));

test('a retry tells how the invoice is now, not how it was', () =>
  withInvoiceAdapter(async ({ provider, pay }) => {
    const order = orderOf();
    const { observation } = await provider.open(order);
    await pay(observation.ref ?? '');
    const again = await provider.open(order);
    expect(again.observation.facts).toContainEqual(
      expect.objectContaining({ kind: 'received', money: { amount: 2050, currency: 'USD' } }),
    );
    expect(again.observation.evidenceId).not.toBe(observation.evidenceId);
  }));

const refusals = [
  {
    title: 'a customer nobody knows',
    options: { customer: 'cus_of_nobody' },
    refusal: { status: 400, code: 'resource_missing', param: 'customer' },
  },
  {
    title: 'a payment method nobody has',
    options: { paymentMethod: 'pm_of_nobody' },
    refusal: { status: 400, code: 'resource_missing', param: 'default_payment_method' },
  },
  {
    title: 'a line too large',
    options: { lines: [{ description: 'All', quantity: 1, unitAmount: 10 ** 12 }] },
    refusal: { status: 400 },
  },
  {
    title: 'a total too large to finalize',
    options: { lines: tooMuch },
    refusal: { status: 400, code: 'amount_too_large' },
  },
];

test.each(refusals)('$title is refused in Stripe’s words, and nothing stays', (one) =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const order = orderOf(one.options);
    for (const mayBeOpen of [false, true]) {
      await expect(provider.open({ ...order, mayBeOpen })).rejects.toMatchObject({
        code: 'provider_refused',
        message: expect.stringMatching(/\w+ \w+/),
        refusal: one.refusal,
      });
    }
    expect((await stripe.invoices.list()).data).toEqual([]);
    expect((await provider.find({ by: 'open', open: order })).observations).toEqual([]);
  }),
);

test('a named customer who was deleted is refused, not replaced', () =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const customer = (await stripe.customers.create()).id;
    await stripe.customers.del(customer);
    for (const mayBeOpen of [true, false]) {
      await expect(provider.open({ ...orderOf({ customer }), mayBeOpen })).rejects.toMatchObject({
        code: 'provider_refused',
        refusal: { param: 'customer' },
      });
    }
    expect((await stripe.customers.list()).data).toEqual([]);
  }));

test('a draft whose deletion fails too stays a draft, and the refusal is the answer', () =>
  withInvoiceAdapter(async ({ provider, stripe, fail }) => {
    await fail('DELETE /v1/invoices/*', 'drop_before', 'drop_before', 'drop_before');
    const order = orderOf({ lines: tooMuch });
    await expect(provider.open(order)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await onlyInvoice(stripe)).toMatchObject({ status: 'draft', auto_advance: false });
    expect((await provider.find({ by: 'open', open: order })).observations).toEqual([]);
  }));
