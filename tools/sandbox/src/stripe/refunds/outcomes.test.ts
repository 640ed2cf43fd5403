import { expect, test } from 'vitest';
import { eventTypes } from '../../testing/billing.ts';
import { idOf } from '../../testing/id-of.ts';
import { createManualTime } from '../../testing/manual-time.ts';
import { startSandbox, type StartedSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const minute = 60_000;

/** The charge of a payment of 10 US dollars. */
const chargeTo = async ({ stripe }: StartedSandbox, method: string): Promise<string> => {
  const intent = await stripe.paymentIntents.create({
    amount: 1_000,
    currency: 'usd',
    confirm: true,
    payment_method: method,
  });
  return idOf(intent.latest_charge);
};

test('a refund that had succeeded fails, and the charge can be refunded again', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { balanceTransactions, charges, events, refunds } = started.stripe;
  const charge = await chargeTo(started, 'pm_card_refundFail');
  const refund = await refunds.create({ charge, amount: 400 });
  expect(refund).toMatchObject({ status: 'succeeded' });
  expect(await charges.retrieve(charge)).toMatchObject({ amount_refunded: 400 });

  time.advance(minute - 1);
  expect((await refunds.retrieve(refund.id)).status).toBe('succeeded');
  time.advance(1);
  const failed = await refunds.retrieve(refund.id);
  expect(failed).toMatchObject({ failure_reason: 'expired_or_canceled_card', status: 'failed' });
  expect(await charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
  const returned = await balanceTransactions.retrieve(idOf(failed.failure_balance_transaction));
  expect(returned).toMatchObject({
    amount: 400,
    fee: 0,
    source: refund.id,
    type: 'refund_failure',
  });

  expect(await eventTypes(started.stripe, 'refund.', 'charge.refund')).toEqual([
    'refund.created',
    'charge.refunded',
    'refund.updated',
    'charge.refund.updated',
    'refund.failed',
  ]);
  const [event] = (await events.list({ type: 'refund.failed' })).data;
  expect(event?.data).toEqual({
    object: failed,
    previous_attributes: {
      failure_balance_transaction: null,
      failure_reason: null,
      status: 'succeeded',
    },
  });
  expect((await refunds.create({ charge })).amount).toBe(1_000);
});

test('a pending refund succeeds, and its amount cannot be refunded twice meanwhile', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { charges, refunds } = started.stripe;
  const charge = await chargeTo(started, 'pm_card_pendingRefund');
  const refund = await refunds.create({ charge, amount: 400 });
  expect(refund).toMatchObject({
    balance_transaction: null,
    pending_reason: 'processing',
    status: 'pending',
  });
  expect(await charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
  expect(await failureOf(refunds.create({ charge, amount: 601 }))).toMatchObject({
    message: 'Refund amount ($6.01) is greater than unrefunded amount on charge ($6.00)',
  });
  const rest = await refunds.create({ charge });
  expect(rest).toMatchObject({ amount: 600, status: 'pending' });
  expect(await failureOf(refunds.create({ charge }))).toMatchObject({
    code: 'charge_already_refunded',
  });

  time.advance(minute);
  const after = await refunds.retrieve(refund.id);
  expect(after).toMatchObject({ status: 'succeeded', balance_transaction: expect.any(String) });
  expect(after).not.toHaveProperty('pending_reason');
  expect(await charges.retrieve(charge)).toMatchObject({ amount_refunded: 1_000, refunded: true });
  const settled = ['refund.updated', 'charge.refund.updated', 'charge.refunded'];
  expect(await eventTypes(started.stripe, 'refund.', 'charge.refund')).toEqual([
    'refund.created',
    'refund.created',
    ...settled,
    ...settled,
  ]);
});

test('an outcome that falls due while the sandbox is down is not forgotten', async () => {
  using folder = temporaryFolder();
  const time = createManualTime();
  const env = { DATA_DIR: folder.path };
  const before = await startSandbox({ ...time, env });
  const charge = await chargeTo(before, 'pm_card_refundFail');
  const { id } = await before.stripe.refunds.create({ charge });
  await before.close();
  time.advance(minute);
  await using after = await startSandbox({ ...time, env });
  time.advance(0);
  expect((await after.stripe.refunds.retrieve(id)).status).toBe('failed');
});

test('refunds to other cards stay as they are', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const charge = await chargeTo(started, 'pm_card_visa');
  const refund = await started.stripe.refunds.create({ charge });
  time.advance(60 * minute);
  expect(await started.stripe.refunds.retrieve(refund.id)).toEqual(refund);
});
