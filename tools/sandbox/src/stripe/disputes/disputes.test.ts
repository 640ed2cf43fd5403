import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startReceiver, webhookSecret } from '../../testing/start-receiver.ts';
import { startSandbox, type StartedSandbox } from '../../testing/start-sandbox.ts';

const payWith = (
  { stripe }: StartedSandbox,
  method: string,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> =>
  stripe.paymentIntents.create({
    amount: 2100,
    currency: 'usd',
    confirm: true,
    payment_method: method,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    ...more,
  });

const disputeWith = async (started: StartedSandbox, method: string): Promise<Stripe.Dispute> => {
  const intent = await payWith(started, method);
  const [dispute] = (await started.stripe.disputes.list({ payment_intent: intent.id })).data;
  if (dispute === undefined) throw new Error('There is no dispute');
  return dispute;
};

const typesOf = async ({ stripe }: StartedSandbox): Promise<string[]> =>
  (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).toReversed();

const submit = (
  { stripe }: StartedSandbox,
  { id }: Stripe.Dispute,
  text: string,
): Promise<Stripe.Dispute> =>
  stripe.disputes.update(id, { evidence: { uncategorized_text: text } });

test.each([
  ['pm_card_createDispute', 'fraudulent', '10.4'],
  ['pm_card_createDisputeProductNotReceived', 'product_not_received', '13.1'],
])('%s pays, and is disputed as %s', async (method, reason, code) => {
  await using started = await startSandbox();
  const intent = await payWith(started, method);
  expect(intent.status).toBe('succeeded');
  const charge = await started.stripe.charges.retrieve(idOf(intent.latest_charge));
  expect(charge).toMatchObject({ disputed: true, paid: true, refunded: false });

  const [dispute, ...others] = (await started.stripe.disputes.list({ charge: charge.id })).data;
  expect(others).toEqual([]);
  expect(dispute).toMatchObject({
    id: expect.stringMatching(/^du_/),
    object: 'dispute',
    amount: 2100,
    balance_transactions: [{ amount: -2100, fee: 1500, net: -3600, type: 'adjustment' }],
    charge: charge.id,
    currency: 'usd',
    evidence_details: { has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    payment_intent: intent.id,
    payment_method_details: {
      card: { brand: 'visa', case_type: 'chargeback', network_reason_code: code },
      type: 'card',
    },
    reason,
    status: 'needs_response',
  });
  expect(await started.stripe.disputes.retrieve(dispute?.id ?? '')).toEqual(dispute);
  expect(await typesOf(started)).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'payment_intent.succeeded',
  ]);
});

test('the card numbers dispute too, and only once the money is captured', async () => {
  await using started = await startSandbox();
  const { disputes, paymentIntents, paymentMethods } = started.stripe;
  const card = { number: '4000000000000259', exp_month: 1, exp_year: 2040, cvc: '123' };
  const method = await paymentMethods.create({ type: 'card', card });
  const intent = await payWith(started, method.id, { capture_method: 'manual' });
  expect((await disputes.list()).data).toEqual([]);
  await paymentIntents.capture(intent.id, { amount_to_capture: 1500 });
  expect((await disputes.list()).data).toMatchObject([{ amount: 1500, status: 'needs_response' }]);
});

test.each([
  ['winning_evidence', 'won', ['charge.dispute.funds_reinstated', 'charge.dispute.closed']],
  ['losing_evidence', 'lost', ['charge.dispute.closed']],
  ['The parcel was signed for.', 'under_review', []],
])('evidence %j leads to %s', async (text, status, events) => {
  await using started = await startSandbox();
  const dispute = await disputeWith(started, 'pm_card_createDispute');
  const before = await typesOf(started);
  expect(await submit(started, dispute, text)).toMatchObject({
    evidence: { uncategorized_text: text },
    evidence_details: { has_evidence: true, submission_count: 1, submission_method: 'manual' },
    status: 'under_review',
  });
  expect(await started.stripe.disputes.retrieve(dispute.id)).toMatchObject({ status });
  expect((await typesOf(started)).slice(before.length)).toEqual([
    'charge.dispute.updated',
    ...events,
  ]);
});

test('a disputed charge cannot be refunded, unless the dispute is won', async () => {
  await using started = await startSandbox();
  const { charges, disputes, refunds } = started.stripe;
  const lost = await disputeWith(started, 'pm_card_createDispute');
  const won = await disputeWith(started, 'pm_card_createDispute');
  const refusal = {
    statusCode: 400,
    code: 'charge_disputed',
    message: `Charge ${idOf(lost.charge)} has been charged back; cannot issue a refund.`,
  };
  expect(await failureOf(refunds.create({ charge: idOf(lost.charge) }))).toMatchObject(refusal);
  await submit(started, lost, 'losing_evidence');
  expect(await failureOf(refunds.create({ charge: idOf(lost.charge) }))).toMatchObject(refusal);
  expect(await charges.retrieve(idOf(lost.charge))).toMatchObject({
    amount_refunded: 0,
    disputed: true,
    refunded: false,
  });

  await submit(started, won, 'winning_evidence');
  expect(await disputes.retrieve(won.id)).toMatchObject({
    balance_transactions: [{ amount: -2100 }, { amount: 2100, fee: 0 }],
    is_charge_refundable: true,
  });
  expect((await refunds.create({ charge: idOf(won.charge) })).status).toBe('succeeded');
});

test('evidence is kept for later with submit=false, merged, and unset by empty text', async () => {
  await using started = await startSandbox();
  const { disputes } = started.stripe;
  const { id } = await disputeWith(started, 'pm_card_createDispute');
  await disputes.update(id, {
    evidence: { customer_name: 'Ada', product_description: 'A boat' },
    metadata: { case: '7' },
    submit: false,
  });
  const staged = await disputes.update(id, {
    evidence: { customer_name: '', uncategorized_text: 'winning_evidence' },
    submit: false,
  });
  expect(staged).toMatchObject({
    evidence: {
      customer_name: null,
      product_description: 'A boat',
      uncategorized_text: 'winning_evidence',
    },
    evidence_details: { has_evidence: true, submission_count: 0 },
    metadata: { case: '7' },
    status: 'needs_response',
  });
  await disputes.update(id, { metadata: { case: '8' } });
  expect((await disputes.retrieve(id)).status).toBe('needs_response');
  await disputes.update(id, { submit: true });
  expect((await disputes.retrieve(id)).status).toBe('won');
});

test('closing accepts the loss, and a decided dispute does not change', async () => {
  await using started = await startSandbox();
  const { disputes } = started.stripe;
  const dispute = await disputeWith(started, 'pm_card_createDispute');
  expect(await disputes.close(dispute.id)).toMatchObject({ status: 'lost' });
  for (const call of [
    () => disputes.close(dispute.id),
    () => submit(started, dispute, 'winning_evidence'),
  ]) {
    expect(await failureOf(call())).toMatchObject({
      statusCode: 400,
      message: 'This dispute is already closed',
    });
  }
  expect((await typesOf(started)).at(-1)).toBe('charge.dispute.closed');
  expect(await failureOf(disputes.retrieve('du_none'))).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
    message: "No such dispute: 'du_none'",
  });
});

test('an inquiry takes no money, and ends when all of it is refunded', async () => {
  await using started = await startSandbox();
  const { disputes, refunds } = started.stripe;
  const inquiry = await disputeWith(started, 'pm_card_createDisputeInquiry');
  expect(inquiry).toMatchObject({
    balance_transactions: [],
    is_charge_refundable: true,
    payment_method_details: { card: { case_type: 'inquiry' } },
    status: 'warning_needs_response',
  });
  expect(await typesOf(started)).not.toContain('charge.dispute.funds_withdrawn');
  await refunds.create({ charge: idOf(inquiry.charge), amount: 100 });
  expect((await disputes.retrieve(inquiry.id)).status).toBe('warning_needs_response');
  await refunds.create({ charge: idOf(inquiry.charge) });
  expect((await disputes.retrieve(inquiry.id)).status).toBe('warning_closed');
});

test.each([
  ['winning_evidence', 'warning_closed', 0],
  ['losing_evidence', 'warning_closed', 0],
  ['escalate_inquiry_evidence', 'needs_response', 1],
  ['We talked to the customer.', 'warning_under_review', 0],
])('an inquiry answered with %j leads to %s', async (text, status, withdrawals) => {
  await using started = await startSandbox();
  const inquiry = await disputeWith(started, 'pm_card_createDisputeInquiry');
  const before = await typesOf(started);
  expect((await submit(started, inquiry, text)).status).toBe('warning_under_review');
  const after = await started.stripe.disputes.retrieve(inquiry.id);
  expect(after.status).toBe(status);
  expect(after.balance_transactions).toHaveLength(withdrawals);
  expect(after.is_charge_refundable).toBe(withdrawals === 0);
  expect((await typesOf(started)).slice(before.length)).toEqual([
    'charge.dispute.updated',
    ...(status === 'warning_closed' ? ['charge.dispute.closed'] : []),
    ...(withdrawals > 0 ? ['charge.dispute.updated', 'charge.dispute.funds_withdrawn'] : []),
  ]);
});

test('its events arrive signed, each with the dispute as it was then', async () => {
  await using receiver = await startReceiver();
  await using started = await startSandbox();
  const dispute = await disputeWith(started, 'pm_card_createDispute');
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  await submit(started, dispute, 'winning_evidence');
  await receiver.arrived(3);
  const told = receiver.received.map(({ event }) => {
    if (event?.data.object.object !== 'dispute') throw new Error('That is no dispute');
    return [event.type, event.data.object.id, event.data.object.status];
  });
  expect(new Set(told)).toEqual(
    new Set([
      ['charge.dispute.updated', dispute.id, 'under_review'],
      ['charge.dispute.funds_reinstated', dispute.id, 'won'],
      ['charge.dispute.closed', dispute.id, 'won'],
    ]),
  );
});
