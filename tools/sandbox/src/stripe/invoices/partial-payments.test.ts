import { expect, test } from 'vitest';
import { customerWith, eventTypes, intentOf, openInvoice } from '../../testing/billing.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

test('PaymentIntents of the merchant pay in parts, and the default one asks for the rest', async () => {
  await using started = await startSandbox();
  const { invoicePayments, invoices, paymentIntents } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer);
  const part = await paymentIntents.create({ amount: 500, currency: 'usd', customer });
  const attached = await invoices.attachPayment(open.id, { payment_intent: part.id });
  expect(attached).toMatchObject({ amount_paid: 0, amount_remaining: 2_000, status: 'open' });
  await paymentIntents.confirm(part.id, { payment_method: 'pm_card_visa' });
  expect(await invoices.retrieve(open.id)).toMatchObject({
    amount_paid: 500,
    amount_remaining: 1_500,
    status: 'open',
  });
  expect((await intentOf(started.stripe, open.id)).amount).toBe(1_500);
  expect((await failureOf(invoices.voidInvoice(open.id))).message).toContain('cannot be voided');

  expect(await invoices.pay(open.id)).toMatchObject({ amount_paid: 2_000, status: 'paid' });
  const payments = await invoicePayments.list({ invoice: open.id });
  expect(payments.data.map(({ amount_paid: amount }) => amount)).toEqual([500, 1_500]);
  expect((await invoicePayments.list({ status: 'open' })).data).toEqual([]);
  expect(await eventTypes(started.stripe, 'invoice_payment', 'invoice.paid')).toEqual([
    'invoice_payment.paid',
    'invoice.paid',
    'invoice_payment.paid',
  ]);
});

test('a payment that is already made counts at once, and too much becomes credit', async () => {
  await using started = await startSandbox();
  const { customers, invoices, paymentIntents } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer);
  const more = await paymentIntents.create({
    amount: 2_300,
    currency: 'usd',
    customer,
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  expect(await invoices.attachPayment(open.id, { payment_intent: more.id })).toMatchObject({
    amount_overpaid: 300,
    amount_paid: 2_000,
    amount_remaining: 0,
    status: 'paid',
  });
  expect(await customers.retrieve(customer)).toMatchObject({ balance: -300 });
  expect((await intentOf(started.stripe, open.id)).status).toBe('canceled');
  expect(await eventTypes(started.stripe, 'invoice.overpaid')).toHaveLength(1);
});

test('what cannot pay the invoice is not attached', async () => {
  await using started = await startSandbox();
  const { invoices, paymentIntents } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer);
  const euros = await paymentIntents.create({ amount: 500, currency: 'eur', customer });
  const stranger = await paymentIntents.create({ amount: 500, currency: 'usd' });
  const own = await intentOf(started.stripe, open.id);
  for (const [intent, message] of [
    [euros.id, 'currency'],
    [stranger.id, 'customer'],
    [own.id, 'already attached'],
    ['pi_none', 'No such payment_intent'],
  ] as const) {
    const failure = await failureOf(invoices.attachPayment(open.id, { payment_intent: intent }));
    expect(failure.message).toContain(message);
  }
  const draft = await invoices.create({ customer });
  const part = await paymentIntents.create({ amount: 500, currency: 'usd', customer });
  const refused = await failureOf(invoices.attachPayment(draft.id, { payment_intent: part.id }));
  expect(refused.message).toContain("isn't open");
});
