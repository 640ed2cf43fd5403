import { expect, test } from 'vitest';
import { customerWith, draftOf, eventTypes, intentOf, openInvoice } from '../../testing/billing.ts';
import { idOf } from '../../testing/id-of.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

test('pays with the default card, and tells of it in order', async () => {
  await using started = await startSandbox();
  const { charges, invoicePayments, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer, { auto_advance: true });
  const paid = await invoices.pay(open.id);
  expect(paid).toMatchObject({
    amount_due: 2_000,
    amount_paid: 2_000,
    amount_remaining: 0,
    attempt_count: 1,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
  });
  expect(paid.status_transitions.paid_at).not.toBeNull();
  const intent = await intentOf(started.stripe, open.id);
  expect(intent).toMatchObject({ amount_received: 2_000, status: 'succeeded' });
  expect(await charges.retrieve(idOf(intent.latest_charge))).toMatchObject({
    amount: 2_000,
    customer,
  });
  const list = await invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: intent.id },
  });
  expect(list.data).toMatchObject([
    { amount_paid: 2_000, invoice: open.id, is_default: true, status: 'paid' },
  ]);
  expect(await invoicePayments.retrieve(list.data[0]?.id ?? '')).toEqual(list.data[0]);
  expect(await eventTypes(started.stripe, 'invoice', 'payment_intent.', 'charge.')).toEqual([
    'invoice.created',
    'invoiceitem.created',
    'invoice.updated',
    'payment_intent.created',
    'invoice.updated',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ]);
  const snapshots = (await started.stripe.events.list({ types: ['invoice.finalized'] })).data;
  expect(snapshots[0]?.data.object).toMatchObject({ amount_paid: 0, status: 'open' });
});

test('pays with the card that the invoice or the call names before the default one', async () => {
  await using started = await startSandbox();
  const { customers, invoices, paymentMethods } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const attached = async (card: string): Promise<string> =>
    (await paymentMethods.attach(card, { customer })).id;
  const [own, named] = [await attached('pm_card_mastercard'), await attached('pm_card_amex')];
  const first = await openInvoice(started.stripe, customer, { default_payment_method: own });
  await invoices.pay(first.id);
  expect((await intentOf(started.stripe, first.id)).payment_method).toBe(own);
  const second = await openInvoice(started.stripe, customer, { default_payment_method: own });
  await invoices.pay(second.id, { payment_method: named });
  expect((await intentOf(started.stripe, second.id)).payment_method).toBe(named);

  const third = await openInvoice(started.stripe, customer);
  const { data } = await customers.listPaymentMethods((await customerWith(started.stripe)).id);
  expect(
    await failureOf(invoices.pay(third.id, { payment_method: data[0]?.id ?? '' })),
  ).toMatchObject({ param: 'payment_method', statusCode: 400 });
});

test('a customer has no default card once it is detached', async () => {
  await using started = await startSandbox();
  const { customers, paymentMethods } = started.stripe;
  const customer = await customerWith(started.stripe);
  const card = idOf(customer.invoice_settings.default_payment_method);
  expect((await paymentMethods.retrieve(card)).customer).toBe(customer.id);
  await paymentMethods.detach(card);
  expect(await customers.retrieve(customer.id)).toMatchObject({
    invoice_settings: { default_payment_method: null },
  });
  const stranger = await paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  const refused = customers.update(customer.id, {
    invoice_settings: { default_payment_method: stranger.id },
  });
  expect((await failureOf(refused)).param).toBe('invoice_settings[default_payment_method]');
});

test('a decline answers 402, counts once and leaves the invoice open', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe, 'pm_card_chargeCustomerFail');
  const draft = await draftOf(started.stripe, customer);
  const declined = await failureOf(invoices.pay(draft.id));
  expect(declined).toMatchObject({
    code: 'card_declined',
    statusCode: 402,
    type: 'StripeCardError',
  });
  const failed = { amount_paid: 0, amount_remaining: 2_000, attempt_count: 1, attempted: true };
  expect(await invoices.retrieve(draft.id)).toMatchObject({ ...failed, status: 'open' });
  await failureOf(invoices.pay(draft.id));
  expect(await invoices.retrieve(draft.id)).toMatchObject({ attempt_count: 1 });
  expect(await intentOf(started.stripe, draft.id)).toMatchObject({
    last_payment_error: { code: 'card_declined' },
    status: 'requires_payment_method',
  });
  expect((await eventTypes(started.stripe, 'invoice.', 'payment_intent.')).slice(2)).toEqual([
    'payment_intent.created',
    'invoice.updated',
    'invoice.finalized',
    'payment_intent.payment_failed',
    'invoice.updated',
    'invoice.payment_failed',
    'payment_intent.payment_failed',
    'invoice.payment_failed',
  ]);
  await invoices.markUncollectible(draft.id);
  await failureOf(invoices.pay(draft.id));
  expect((await invoices.retrieve(draft.id)).status).toBe('uncollectible');
});

test.each(['pm_card_threeDSecure2Required', 'pm_card_authenticationRequiredOnSetup'])(
  '%s waits for the payer, whose authentication pays the invoice',
  async (card) => {
    await using started = await startSandbox();
    const { invoices } = started.stripe;
    const { id: customer } = await customerWith(started.stripe, card);
    const open = await openInvoice(started.stripe, customer);
    expect(await failureOf(invoices.pay(open.id))).toMatchObject({
      code: 'invoice_payment_intent_requires_action',
      statusCode: 402,
    });
    const intent = await intentOf(started.stripe, open.id);
    expect(intent.status).toBe('requires_action');
    expect((await eventTypes(started.stripe, 'invoice.')).at(-1)).toBe(
      'invoice.payment_action_required',
    );
    await started.call('POST', `/_sandbox/stripe/payment_intents/${intent.id}/authenticate`);
    expect(await invoices.retrieve(open.id)).toMatchObject({
      amount_paid: 2_000,
      attempt_count: 1,
      status: 'paid',
    });
  },
);

test('without any payment method nothing is attempted', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  const open = await openInvoice(started.stripe, customer);
  expect(await failureOf(invoices.pay(open.id))).toMatchObject({
    code: 'missing',
    message: expect.stringContaining('There is no `default_payment_method` set'),
    statusCode: 400,
  });
  expect(await invoices.retrieve(open.id)).toEqual(open);
});

test('paid out of band, it is paid without a charge', async () => {
  await using started = await startSandbox();
  const { charges, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer);
  expect(await invoices.pay(open.id, { paid_out_of_band: true })).toMatchObject({
    amount_paid: 2_000,
    amount_paid_off_stripe: 2_000,
    amount_remaining: 0,
    attempt_count: 0,
    attempted: false,
    status: 'paid',
  });
  expect((await charges.list()).data).toEqual([]);
  expect((await intentOf(started.stripe, open.id)).status).toBe('canceled');
  expect((await eventTypes(started.stripe, 'invoice.')).slice(-2)).toEqual([
    'invoice.updated',
    'invoice.paid',
  ]);
});

test('a bank debit pays once the bank has', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe, 'pm_usBankAccount_success');
  const open = await openInvoice(started.stripe, customer, {
    auto_advance: true,
    payment_settings: { payment_method_types: ['us_bank_account'] },
  });
  expect(open.next_payment_attempt).not.toBeNull();
  expect(await invoices.pay(open.id)).toMatchObject({
    attempted: true,
    next_payment_attempt: null,
    status: 'open',
  });
  const intent = await intentOf(started.stripe, open.id);
  await started.call('POST', `/_sandbox/stripe/payment_intents/${intent.id}/pay`);
  expect((await invoices.retrieve(open.id)).status).toBe('paid');
});

test('whoever confirms its PaymentIntent pays the invoice', async () => {
  await using started = await startSandbox();
  const { invoices, paymentIntents } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer);
  const { id } = await intentOf(started.stripe, open.id);
  const decline = paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' });
  expect((await failureOf(decline)).statusCode).toBe(402);
  expect(await invoices.retrieve(open.id)).toMatchObject({ attempt_count: 1, status: 'open' });
  await paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
  expect(await invoices.retrieve(open.id)).toMatchObject({ amount_paid: 2_000, status: 'paid' });
});

test('creating, finalizing and paying are done once under one key, faults or not', async () => {
  await using started = await startSandbox();
  const { charges, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const create = () => invoices.create({ customer }, { idempotencyKey: 'create' });
  await started.putFaults({ script: [{ fault: 'drop_after', match: 'POST /v1/invoices' }] });
  const draft = await create();
  expect(await create()).toEqual(draft);
  expect((await invoices.list()).data).toHaveLength(1);
  await invoices.addLines(draft.id, { lines: [{ amount: 500 }] });

  const finalize = () => invoices.finalizeInvoice(draft.id, {}, { idempotencyKey: 'finalize' });
  expect(await finalize()).toEqual(await finalize());
  const pay = () => invoices.pay(draft.id, {}, { idempotencyKey: 'pay' });
  await started.putFaults({
    script: [{ fault: 'server_error_after', match: 'POST /v1/invoices/*/pay' }],
  });
  expect((await failureOf(pay())).statusCode).toBe(500);
  expect((await failureOf(pay())).statusCode).toBe(500);
  expect((await invoices.retrieve(draft.id)).status).toBe('paid');
  expect((await charges.list()).data).toHaveLength(1);
});
