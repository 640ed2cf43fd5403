import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

const pay = (
  stripe: Stripe,
  amount: number,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> =>
  stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    expand: ['latest_charge.balance_transaction'],
    ...more,
  });

const transactionOf = ({ latest_charge: charge }: Stripe.PaymentIntent) =>
  typeof charge === 'object' ? charge?.balance_transaction : charge;

test.each([
  [1_000, 'usd', 59],
  // 2.9 % of 50 cents is 1.45 cents, and of 500 it is 14.5, which is rounded up.
  [50, 'usd', 31],
  [500, 'usd', 45],
  [1_000, 'jpy', 29],
  [10_000, 'kwd', 590],
])('of %i %s Stripe keeps %i', async (amount, currency, fee) => {
  await using started = await startSandbox();
  expect(transactionOf(await pay(started.stripe, amount, { currency }))).toMatchObject({
    object: 'balance_transaction',
    amount,
    currency,
    fee,
    net: amount - fee,
    reporting_category: 'charge',
    type: 'charge',
  });
});

test('lists charges, refunds and disputes by what moved the money', async () => {
  await using started = await startSandbox();
  const { balanceTransactions, disputes, paymentIntents, refunds } = started.stripe;
  const intent = await pay(started.stripe, 2_000, { description: 'A boat' });
  const refund = await refunds.create({ payment_intent: intent.id, amount: 700 });
  await pay(started.stripe, 2_000, { payment_method: 'pm_card_createDispute' });
  const [dispute] = (await disputes.list()).data;

  const all = (await balanceTransactions.list()).data;
  expect(all.map(({ amount, fee, type }) => [type, amount, fee])).toEqual([
    ['adjustment', -2_000, 1_500],
    ['charge', 2_000, 88],
    ['refund', -700, 0],
    ['charge', 2_000, 88],
  ]);
  const ofRefund = (await balanceTransactions.list({ source: refund.id })).data;
  expect(ofRefund).toMatchObject([{ id: refund.balance_transaction, amount: -700 }]);
  const ofDispute = (await balanceTransactions.list({ source: dispute?.id ?? '' })).data;
  expect(ofDispute).toEqual(dispute?.balance_transactions);
  expect((await balanceTransactions.list({ type: 'charge', currency: 'eur' })).data).toEqual([]);

  const { latest_charge: charge } = await paymentIntents.retrieve(intent.id);
  const found = await balanceTransactions.retrieve(all.at(-1)?.id ?? '', { expand: ['source'] });
  expect(found.source).toMatchObject({ id: charge, object: 'charge' });
  expect(await failureOf(balanceTransactions.retrieve('txn_none'))).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  });
});

test('no money moves before it is captured, and none when the card is declined', async () => {
  await using started = await startSandbox();
  const { balanceTransactions, charges, paymentIntents } = started.stripe;
  await failureOf(pay(started.stripe, 1_000, { payment_method: 'pm_card_chargeDeclined' }));
  const intent = await pay(started.stripe, 1_000, { capture_method: 'manual' });
  expect(transactionOf(intent)).toBeNull();
  expect((await balanceTransactions.list()).data).toEqual([]);

  const captured = await paymentIntents.capture(intent.id, { amount_to_capture: 600 });
  const [transaction, ...others] = (await balanceTransactions.list()).data;
  expect(others).toEqual([]);
  expect(transaction).toMatchObject({ amount: 600, fee: 47 });
  const charge = await charges.retrieve(idOf(captured.latest_charge));
  expect(charge.balance_transaction).toBe(transaction?.id);
});
