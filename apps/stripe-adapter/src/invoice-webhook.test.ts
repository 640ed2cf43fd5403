import type { Fact, Observation } from '@quittance/contracts';
import { createTestClock, fixture } from '@quittance/testing';
import { StripeEvent } from '@quittance/contracts/stripe';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createReceiver } from './webhook.ts';

const secret = 'whsec_invoices';
const clock = createTestClock();
const now = clock.now() / 1000;
const receive = createReceiver({ webhookSecrets: [secret], clock: clock.now });

const told = async (type: string, object: unknown): Promise<Observation[]> => {
  const payload = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type,
    created: now,
    data: { object },
  });
  const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: now });
  const webhook = { headers: { 'stripe-signature': header }, body: payload };
  return (await receive(webhook)).observations;
};

const Recorded = StripeEvent.extend({ data: z.object({ object: z.looseObject({}) }) });

const recorded = (path: string): object =>
  Recorded.parse(fixture(`stripe/webhooks/${path}.json`)).data.object;

const open = { ...recorded('2026-10-28.endive/invoice.finalized'), amount_due: 2050 };

const progressIn = (observations: readonly Observation[]): Fact[] =>
  observations.flatMap(({ facts }) => facts.filter(({ kind }) => kind === 'progress'));

const states = async (type: string, change: object): Promise<string[]> =>
  progressIn(await told(type, { ...open, ...change })).flatMap((fact) =>
    fact.kind === 'progress' ? [fact.state] : [],
  );

test.each([
  ['invoice.updated', {}, ['awaiting']],
  // Whether the attempt failed, waits for the payer or was not made since, only another event says.
  ['invoice.updated', { attempted: true }, []],
  ['invoice.updated', { due_date: now - 1 }, ['overdue']],
  ['invoice.updated', { due_date: now }, ['awaiting']],
  ['invoice.overdue', { due_date: now }, ['overdue']],
  ['invoice.payment_failed', { attempted: true, due_date: now - 1 }, ['attempt_failed']],
  ['invoice.payment_failed', { status: 'uncollectible' }, ['uncollectible']],
  ['invoice.payment_failed', { status: 'paid' }, ['settled']],
  ['invoice.payment_action_required', { attempted: true }, ['action_required']],
  ['invoice.updated', { status: 'of_next_year' }, []],
] as const)('%s of one that is %j is %j', async (type, change, expected) => {
  expect(await states(type, change)).toEqual(expected);
});

const intent = (status: string, message?: string) => ({
  id: 'pi_1',
  object: 'payment_intent',
  status,
  last_payment_error: message === undefined ? null : { message },
});

test.each([
  [intent('requires_action'), { state: 'action_required', reason: null }],
  [intent('processing'), { state: 'processing', reason: null }],
  [
    intent('requires_payment_method', 'Declined.'),
    { state: 'attempt_failed', reason: 'Declined.' },
  ],
  [intent('requires_payment_method'), { state: 'awaiting', reason: null }],
  [intent('succeeded'), { state: 'awaiting', reason: null }],
])('an expanded PaymentIntent %j says how the attempt ended', async (payment_intent, expected) => {
  const observations = await told('invoice.updated', { ...open, attempted: true, payment_intent });
  expect(progressIn(observations)).toEqual([{ kind: 'progress', ...expected }]);
  expect(observations).toMatchObject([{ aliases: ['pi_1'] }]);
});

test('a way to pay that is closed says nothing of those that are open', async () => {
  const by = (status: string, payment_intent: object) => ({
    ...recorded('2026-10-28.endive/invoice_payment.paid'),
    status,
    amount_paid: null,
    payment: { type: 'payment_intent', payment_intent },
  });
  const failed = intent('requires_payment_method', 'Declined.');
  const data = [by('canceled', failed), by('open', intent('requires_payment_method'))];
  expect(await states('invoice.updated', { payments: { data } })).toEqual(['awaiting']);
});

test.each([
  ['one without an id', 'invoice.upcoming', { ...open, id: undefined }],
  ['a preview', 'invoice.upcoming', { ...open, id: 'upcoming_in_1' }],
  ['one in a currency that we do not know', 'invoice.paid', { ...open, currency: 'usdc' }],
  ['an item of one', 'invoiceitem.created', { id: 'ii_1', object: 'invoiceitem' }],
])('%s is acknowledged and ignored', async (_title, type, object) => {
  expect(await told(type, object)).toEqual([]);
});

test('one that cannot be read is not acknowledged, and the field is named', async () => {
  await expect(told('invoice.paid', { ...open, amount_paid: '20.50' })).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'amount_paid',
  });
});

test.each([
  ['a hub', { metadata: { quittance_invoice: 'a key' } }, undefined],
  ['somebody with numbers of their own', { metadata: { invoice_id: '7' } }, 'cus_1'],
  ['somebody else', { metadata: null }, 'cus_1'],
  ['nobody that can be told', { metadata: {}, customer: null }, undefined],
])('one that %s made is foreign only if it is', async (_title, change, customerRef) => {
  const object = { ...open, description: 'Made by hand', customer: { id: 'cus_1' }, ...change };
  const [observation] = await told('invoice.finalized', object);
  expect(observation?.foreign).toEqual(
    customerRef && {
      flow: 'stripe.invoice',
      customerRef,
      money: { amount: 2050, currency: 'USD' },
      description: 'Made by hand',
    },
  );
});

test('amounts are in our minor units', async () => {
  const change = { currency: 'isk', amount_due: 500, amount_paid: 300 };
  const [observation] = await told('invoice.updated', { ...open, ...change });
  expect(observation?.facts).toMatchObject([
    { kind: 'progress' },
    { kind: 'owed', money: { amount: 5, currency: 'ISK' } },
    { kind: 'received', money: { amount: 3, currency: 'ISK' }, paidAt: null },
  ]);
});

test('a deletion that shows only that it is no more is told all the same', async () => {
  const gone = { id: 'in_1', object: 'invoice', deleted: true };
  expect(await told('invoice.deleted', gone)).toMatchObject([
    {
      ref: 'in_1',
      facts: [{ kind: 'progress', state: 'canceled', reason: 'deleted' }],
      providerData: null,
    },
  ]);
});

const payment = recorded('2026-10-28.endive/invoice_payment.paid');

test.each([
  [{ type: 'payment_intent', payment_intent: { id: 'pi_1' } }, ['pi_1']],
  [{ type: 'charge', charge: 'ch_1' }, ['ch_1']],
  // What was paid elsewhere is in the invoice's total.
  [{ type: 'payment_record', payment_record: 'pr_1' }, []],
])('a payment by %j is told under %j', async (by, refs) => {
  const observations = await told('invoice_payment.paid', {
    ...payment,
    invoice: { id: 'in_1', object: 'invoice' },
    payment: by,
  });
  expect(observations.flatMap(({ facts }) => facts)).toMatchObject(
    refs.map((ref) => ({ kind: 'payment', ref })),
  );
  expect(observations.map(({ ref, aliases }) => ({ ref, aliases }))).toEqual(
    refs.map((ref) => ({ ref: 'in_1', aliases: [ref] })),
  );
});

const dispute = recorded('2026-10-28.endive/charge.dispute.created');

test.each([
  ['warning_needs_response', 'open'],
  ['warning_under_review', 'open'],
  ['warning_closed', 'won'],
  ['needs_response', 'open'],
  ['under_review', 'open'],
  ['appeal_needs_response', 'open'],
  ['appeal_under_review', 'open'],
  ['won', 'won'],
  ['prevented', 'won'],
  ['lost', 'lost'],
  ['of_next_year', 'open'],
  ['constructor', 'open'],
])('a dispute that is %s is %s', async (status, state) => {
  const [observation] = await told('charge.dispute.updated', { ...dispute, status });
  expect(observation?.facts).toMatchObject([{ kind: 'dispute', state }]);
});

test('a dispute is of the PaymentIntent, or where there is none of the charge', async () => {
  const refOf = async (change: object) =>
    (await told('charge.dispute.created', { ...dispute, ...change }))[0]?.ref;
  expect(await refOf({ payment_intent: { id: 'pi_1' } })).toBe('pi_1');
  expect(await refOf({ payment_intent: null, charge: { id: 'ch_1' } })).toBe('ch_1');
  expect(await told('charge.dispute.created', { ...dispute, currency: 'usdc' })).toEqual([]);
});

const ofInvoice = recorded('2026-10-28.endive/payment_intent.succeeded.of-invoice');

test('a PaymentIntent of an invoice that cannot be read is left to the invoice’s own events', async () => {
  expect(await told('payment_intent.succeeded', { ...ofInvoice, status: 'new' })).toEqual([]);
  expect(await told('payment_intent.succeeded', { ...ofInvoice, currency: 'usdc' })).toEqual([]);
});

test('an order reference that is no invoice’s makes a PaymentIntent no invoice’s', async () => {
  const payment_details = { order_reference: 'ORDER-7' };
  expect(await told('payment_intent.succeeded', { ...ofInvoice, payment_details })).toEqual([]);
});
