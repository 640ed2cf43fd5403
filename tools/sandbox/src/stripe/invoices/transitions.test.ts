import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { customerWith, draftOf, eventTypes, intentOf, openInvoice } from '../../testing/billing.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

type Status = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';

/** Brings an invoice of the customer, who has a card, to a status. */
const invoiceThatIs = async (stripe: Stripe, customer: string, status: Status): Promise<string> => {
  const params = { collection_method: 'send_invoice', days_until_due: 30 };
  if (status === 'draft') return (await draftOf(stripe, customer, [2_000], params)).id;
  const { id } = await openInvoice(stripe, customer, params);
  if (status === 'paid') await stripe.invoices.pay(id);
  if (status === 'uncollectible') await stripe.invoices.markUncollectible(id);
  if (status === 'void') await stripe.invoices.voidInvoice(id);
  return id;
};

const operations = {
  delete: (stripe: Stripe, id: string) => stripe.invoices.del(id),
  finalize: (stripe: Stripe, id: string) => stripe.invoices.finalizeInvoice(id),
  pay: (stripe: Stripe, id: string) => stripe.invoices.pay(id),
  'pay out of band': (stripe: Stripe, id: string) =>
    stripe.invoices.pay(id, { paid_out_of_band: true }),
  send: (stripe: Stripe, id: string) => stripe.invoices.sendInvoice(id),
  void: (stripe: Stripe, id: string) => stripe.invoices.voidInvoice(id),
  'mark uncollectible': (stripe: Stripe, id: string) => stripe.invoices.markUncollectible(id),
};

const finalized = "This invoice is already finalized, you can't re-finalize a non-draft invoice.";
const notDraft = 'You can only delete draft invoices.';
const notOpen = "You can only pass in open invoices. This invoice isn't open.";
const notSendable =
  'This invoice cannot be sent right now. Please contact us via https://support.stripe.com/contact with details, so we can help.';
const paidStays = 'Invoices with `paid` payments cannot be voided.';

type Row<T> = [from: Status, operation: keyof typeof operations, outcome: T];

const allowed: Row<object>[] = [
  ['draft', 'delete', { deleted: true }],
  ['draft', 'finalize', { status: 'open' }],
  ['draft', 'pay', { status: 'paid' }],
  ['draft', 'pay out of band', { status: 'paid' }],
  ['draft', 'send', { status: 'open' }],
  ['open', 'pay', { status: 'paid' }],
  ['open', 'pay out of band', { status: 'paid' }],
  ['open', 'send', { status: 'open' }],
  ['open', 'void', { status: 'void' }],
  ['open', 'mark uncollectible', { status: 'uncollectible' }],
  ['uncollectible', 'pay', { status: 'paid' }],
  ['uncollectible', 'pay out of band', { status: 'paid' }],
  ['uncollectible', 'void', { status: 'void' }],
];

const refused: Row<string>[] = [
  ['draft', 'void', notOpen],
  ['draft', 'mark uncollectible', notOpen],
  ['open', 'delete', notDraft],
  ['open', 'finalize', finalized],
  ['paid', 'delete', notDraft],
  ['paid', 'finalize', finalized],
  ['paid', 'pay', 'Invoice is already paid'],
  ['paid', 'pay out of band', 'Invoice is already paid'],
  ['paid', 'send', notSendable],
  ['paid', 'void', paidStays],
  ['paid', 'mark uncollectible', notOpen],
  ['uncollectible', 'delete', notDraft],
  ['uncollectible', 'finalize', finalized],
  ['uncollectible', 'send', notSendable],
  ['uncollectible', 'mark uncollectible', 'This invoice has already been marked uncollectible.'],
  ['void', 'delete', notDraft],
  ['void', 'finalize', finalized],
  ['void', 'pay', notOpen],
  ['void', 'pay out of band', notOpen],
  ['void', 'send', notSendable],
  ['void', 'void', notOpen],
  ['void', 'mark uncollectible', notOpen],
];

test.each(allowed)('%s, %s: %j', async (from, operation, outcome) => {
  await using started = await startSandbox();
  const { stripe } = started;
  const { id: customer } = await customerWith(stripe);
  const id = await invoiceThatIs(stripe, customer, from);
  const answered: object = await operations[operation](stripe, id);
  expect(answered).toMatchObject(outcome);
  const left: object[] = (await stripe.invoices.list()).data;
  expect(left).toEqual('deleted' in answered ? [] : [answered]);
});

test.each(refused)('%s, %s: refused, %s', async (from, operation, message) => {
  await using started = await startSandbox();
  const { stripe } = started;
  const { id: customer } = await customerWith(stripe);
  const id = await invoiceThatIs(stripe, customer, from);
  const before = await stripe.invoices.retrieve(id);
  const events = await eventTypes(stripe, '');
  expect(await failureOf(operations[operation](stripe, id))).toMatchObject({
    message,
    statusCode: 400,
    type: 'StripeInvalidRequestError',
  });
  expect(await stripe.invoices.retrieve(id)).toEqual(before);
  expect(await eventTypes(stripe, '')).toEqual(events);
});

test('finalizing gives a number, links and a PaymentIntent', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const prefix = (await customers.update(customer, { invoice_prefix: 'ADA' })).invoice_prefix;
  const first = await openInvoice(started.stripe, customer);
  const second = await openInvoice(started.stripe, customer);
  expect([first.number, second.number]).toEqual([`${prefix}-0001`, 'ADA-0002']);
  expect(first).toMatchObject({
    amount_due: 2_000,
    amount_paid: 0,
    amount_remaining: 2_000,
    attempted: false,
    effective_at: first.status_transitions.finalized_at,
    ending_balance: 0,
    status: 'open',
  });
  expect(first.invoice_pdf).toBe(`${first.hosted_invoice_url}/pdf`);
  const { confirmation_secret: secret, payments } = await invoices.retrieve(first.id, {
    expand: ['confirmation_secret', 'payments'],
  });
  const intent = await intentOf(started.stripe, first.id);
  expect(secret).toEqual({ client_secret: intent.client_secret, type: 'payment_intent' });
  expect(payments?.data).toMatchObject([
    { amount_paid: null, amount_requested: 2_000, invoice: first.id, status: 'open' },
  ]);
  expect(intent).toMatchObject({
    amount: 2_000,
    customer,
    payment_details: { order_reference: first.id },
    status: 'requires_payment_method',
  });
  const given = await draftOf(started.stripe, customer, [100], { number: 'MINE-7' });
  expect((await invoices.finalizeInvoice(given.id)).number).toBe('MINE-7');
});

test.each([
  ['nothing on it', [], {}, 0],
  ['what comes to nothing', [500, -500], {}, 0],
  ['a credit', [-700], {}, -700],
  ['too little to charge', [30], {}, 30],
  ['what the customer has credit for', [700], { balance: -1_000 }, -300],
])('an invoice with %s is paid when it is finalized', async (_, amounts, settings, balance) => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create(settings);
  const draft = await draftOf(started.stripe, customer, amounts);
  expect(await invoices.finalizeInvoice(draft.id, { expand: ['payments'] })).toMatchObject({
    amount_due: 0,
    amount_paid: 0,
    amount_remaining: 0,
    attempt_count: 0,
    attempted: true,
    ending_balance: balance,
    payments: { data: [] },
    status: 'paid',
  });
  expect(await customers.retrieve(customer)).toMatchObject({ balance });
  expect(await eventTypes(started.stripe, 'invoice.', 'payment_intent')).toEqual([
    'invoice.created',
    ...amounts.map(() => 'invoice.updated'),
    'invoice.updated',
    'invoice.finalized',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
  ]);
});

test('the balance is part of what is due, and comes back when the invoice is voided', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create({ balance: -500 });
  const open = await openInvoice(started.stripe, customer);
  expect(open).toMatchObject({ amount_due: 1_500, starting_balance: -500, ending_balance: 0 });
  expect((await intentOf(started.stripe, open.id)).amount).toBe(1_500);
  expect(await customers.retrieve(customer)).toMatchObject({ balance: 0 });
  await invoices.voidInvoice(open.id);
  expect(await customers.retrieve(customer)).toMatchObject({ balance: -500 });
  expect(await intentOf(started.stripe, open.id)).toMatchObject({
    cancellation_reason: 'void_invoice',
    status: 'canceled',
  });
});

test('what cannot be charged cannot be finalized, and the draft says why', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [100_000_000]);
  expect(await failureOf(invoices.finalizeInvoice(draft.id))).toMatchObject({
    code: 'amount_too_large',
    statusCode: 400,
  });
  expect(await invoices.retrieve(draft.id)).toMatchObject({
    last_finalization_error: { code: 'amount_too_large', type: 'invalid_request_error' },
    number: null,
    status: 'draft',
  });
  expect((await eventTypes(started.stripe, 'invoice.')).at(-1)).toBe('invoice.finalization_failed');
  const [item] = (await started.stripe.invoiceItems.list({ invoice: draft.id })).data;
  await started.stripe.invoiceItems.update(item?.id ?? '', { amount: 100 });
  expect(await invoices.finalizeInvoice(draft.id)).toMatchObject({
    last_finalization_error: null,
    number: expect.stringMatching(/-0001$/),
  });
});

test('only an invoice that is sent can be sent, and sending a draft finalizes it', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const charged = await openInvoice(started.stripe, customer);
  expect((await failureOf(invoices.sendInvoice(charged.id))).message).toBe(
    "You can only manually send an invoice if its collection method is 'send_invoice'.",
  );
  const draft = await draftOf(started.stripe, customer, [500], {
    auto_advance: true,
    collection_method: 'send_invoice',
    days_until_due: 3,
  });
  await invoices.sendInvoice(draft.id);
  const sent = (await started.stripe.events.list({ type: 'invoice.sent' })).data;
  expect(sent).toHaveLength(1);
});

test('the PaymentIntent of an invoice belongs to it', async () => {
  await using started = await startSandbox();
  const { paymentIntents } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer);
  const { id } = await intentOf(started.stripe, open.id);
  const codes = await Promise.all(
    [paymentIntents.cancel(id), paymentIntents.update(id, { amount: 100 })].map(
      async (call) => (await failureOf(call)).code,
    ),
  );
  expect(codes).toEqual(['payment_intent_unexpected_state', 'payment_intent_unexpected_state']);
  expect(await paymentIntents.update(id, { description: 'Mine' })).toMatchObject({
    description: 'Mine',
  });
});
