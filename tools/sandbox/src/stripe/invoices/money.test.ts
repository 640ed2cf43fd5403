import fc from 'fast-check';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { customerWith } from '../../testing/billing.ts';
import { createManualTime } from '../../testing/manual-time.ts';
import { startSandbox, type StartedSandbox } from '../../testing/start-sandbox.ts';

const hour = 3_600_000;

type Step =
  | { kind: 'add'; amount: number; quantity: number }
  | { kind: 'credit'; balance: number }
  | { kind: 'attach'; amount: number }
  | { kind: 'wait'; hours: number }
  | { kind: 'confirm'; method: string }
  | { kind: 'finalize' | 'pay' | 'out of band' | 'void' | 'uncollectible' | 'remove' | 'refund' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    amount: fc.integer({ min: -3_000, max: 9_000 }),
    quantity: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({
    kind: fc.constant('credit' as const),
    balance: fc.integer({ min: -4_000, max: 2_000 }),
  }),
  fc.record({ kind: fc.constant('attach' as const), amount: fc.integer({ min: 50, max: 6_000 }) }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    kind: fc.constant('confirm' as const),
    method: fc.constantFrom('pm_card_visa', 'pm_card_chargeDeclined'),
  }),
  fc.record({
    kind: fc.constantFrom(
      ...([
        'finalize',
        'finalize',
        'pay',
        'out of band',
        'void',
        'uncollectible',
        'remove',
        'refund',
      ] as const),
    ),
  }),
);

/** Refusals are part of the game: they must leave the books right too. */
const tolerated = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError) || (error.statusCode ?? 500) >= 500) {
      throw error;
    }
  }
};

const attach = async (stripe: Stripe, customer: string, id: string, amount: number) => {
  const intent = await stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    customer,
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  await stripe.invoices.attachPayment(id, { payment_intent: intent.id });
};

const confirm = async (stripe: Stripe, id: string, method: string): Promise<void> => {
  const { data } = await stripe.invoicePayments.list({ invoice: id, status: 'open' });
  const intent = data[0]?.payment.payment_intent;
  if (typeof intent === 'string') {
    await stripe.paymentIntents.confirm(intent, { payment_method: method });
  }
};

const refund = async (stripe: Stripe, id: string): Promise<void> => {
  const { data } = await stripe.invoicePayments.list({ invoice: id, status: 'paid' });
  const intent = data[0]?.payment.payment_intent;
  if (typeof intent === 'string') await stripe.refunds.create({ payment_intent: intent });
};

const perform = (
  { stripe }: StartedSandbox,
  advance: (ms: number) => void,
  customer: string,
  id: string,
  taken: Step,
): Promise<unknown> => {
  switch (taken.kind) {
    case 'add':
      return stripe.invoiceItems.create({
        customer,
        invoice: id,
        currency: 'usd',
        unit_amount_decimal: Stripe.Decimal.from(taken.amount),
        quantity: taken.quantity,
      });
    case 'credit':
      return stripe.customers.update(customer, { balance: taken.balance });
    case 'attach':
      return attach(stripe, customer, id, taken.amount);
    case 'wait':
      advance(taken.hours * hour);
      return Promise.resolve();
    case 'confirm':
      return confirm(stripe, id, taken.method);
    case 'finalize':
      return stripe.invoices.finalizeInvoice(id, { auto_advance: true });
    case 'pay':
      return stripe.invoices.pay(id);
    case 'out of band':
      return stripe.invoices.pay(id, { paid_out_of_band: true });
    case 'void':
      return stripe.invoices.voidInvoice(id);
    case 'uncollectible':
      return stripe.invoices.markUncollectible(id);
    case 'remove':
      return stripe.invoices.listLineItems(id).then(({ data }) =>
        stripe.invoices.removeLines(id, {
          lines: data.slice(0, 1).map((line) => ({ id: line.id, behavior: 'delete' })),
        }),
      );
    case 'refund':
      return refund(stripe, id);
  }
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const checkBooks = async ({ stripe }: StartedSandbox, id: string): Promise<void> => {
  const invoice = await stripe.invoices.retrieve(id, {
    expand: ['payments.data.payment.payment_intent'],
  });
  const lines = await stripe.invoices.listLineItems(id, { limit: 100 });
  const paid = (invoice.payments?.data ?? []).filter(({ status }) => status === 'paid');
  const received = sum(paid.map(({ amount_paid: amount }) => amount ?? 0));
  expect(invoice.total).toBe(sum(lines.data.map(({ amount }) => amount)));
  expect(invoice.subtotal).toBe(invoice.total);
  expect(invoice.amount_due).toBe(invoice.amount_paid + invoice.amount_remaining);
  expect(invoice.amount_due).toBeGreaterThanOrEqual(0);
  expect(invoice.amount_remaining).toBeGreaterThanOrEqual(0);
  expect(invoice.amount_paid + invoice.amount_overpaid).toBe(
    received + (invoice.amount_paid_off_stripe ?? 0),
  );
  if (invoice.status === 'paid') expect(invoice.amount_remaining).toBe(0);
  if (invoice.status !== 'draft') {
    expect(invoice.total + invoice.starting_balance).toBe(
      invoice.amount_due + (invoice.ending_balance ?? 0),
    );
  }
  for (const { amount_paid: amount, payment } of paid) {
    const intent = payment.payment_intent;
    if (typeof intent !== 'object') throw new Error('Not expanded');
    expect(intent).toMatchObject({ amount_received: amount, status: 'succeeded' });
  }
  const open = (invoice.payments?.data ?? []).filter(({ status }) => status === 'open');
  for (const { amount_requested: amount, is_default: isDefault } of open) {
    if (isDefault) expect(amount).toBe(invoice.amount_remaining);
  }
  expect(open.length === 0 || ['open', 'uncollectible'].includes(invoice.status ?? '')).toBe(true);
};

test('whatever is done to an invoice, its books balance', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1_000, max: 9_000 }),
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.constantFrom('pm_card_visa', 'pm_card_chargeCustomerFail'),
      fc.boolean(),
      async (amount, steps, card, autoAdvance) => {
        const time = createManualTime();
        await using started = await startSandbox(time);
        const { id: customer } = await customerWith(started.stripe, card);
        const { id } = await started.stripe.invoices.create({
          customer,
          auto_advance: autoAdvance,
        });
        await started.stripe.invoices.addLines(id, { lines: [{ amount }] });
        for (const taken of steps) {
          await tolerated(perform(started, time.advance, customer, id, taken));
          await checkBooks(started, id);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
