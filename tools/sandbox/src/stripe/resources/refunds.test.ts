import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

const paid = {
  amount: 1000,
  currency: 'usd',
  confirm: true,
  payment_method: 'pm_card_visa',
} as const;

test('refunds in parts, never above what was captured', async () => {
  await using started = await startSandbox();
  const { charges, paymentIntents, refunds } = started.stripe;
  const intent = await paymentIntents.create(paid);
  const charge = idOf(intent.latest_charge);

  const part = await refunds.create({
    payment_intent: intent.id,
    amount: 300,
    reason: 'requested_by_customer',
    metadata: { ticket: '7' },
  });
  expect(part).toMatchObject({
    object: 'refund',
    amount: 300,
    charge,
    currency: 'usd',
    metadata: { ticket: '7' },
    payment_intent: intent.id,
    reason: 'requested_by_customer',
    status: 'succeeded',
  });
  expect(await charges.retrieve(charge)).toMatchObject({ amount_refunded: 300, refunded: false });

  expect(await failureOf(refunds.create({ charge, amount: 701 }))).toMatchObject({
    statusCode: 400,
    param: 'amount',
    message: 'Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)',
  });

  const rest = await refunds.create({ charge });
  expect(rest.amount).toBe(700);
  expect(await charges.retrieve(charge)).toMatchObject({ amount_refunded: 1000, refunded: true });
  expect(await failureOf(refunds.create({ charge }))).toMatchObject({
    code: 'charge_already_refunded',
  });

  expect(await refunds.retrieve(part.id)).toEqual(part);
  const listed = await refunds.list({ payment_intent: intent.id });
  expect(listed.data.map(({ id }) => id)).toEqual([rest.id, part.id]);
});

test('refunds no more than the part that was captured', async () => {
  await using started = await startSandbox();
  const { paymentIntents, refunds } = started.stripe;
  const intent = await paymentIntents.create({ ...paid, capture_method: 'manual' });
  expect(await failureOf(refunds.create({ payment_intent: intent.id }))).toMatchObject({
    code: 'charge_not_refundable',
  });
  await paymentIntents.capture(intent.id, { amount_to_capture: 600 });
  expect((await refunds.create({ payment_intent: intent.id })).amount).toBe(600);
});

test('needs a successful charge', async () => {
  await using started = await startSandbox();
  const { paymentIntents, refunds } = started.stripe;
  const unpaid = await paymentIntents.create({ amount: 1000, currency: 'usd' });
  const failures = await Promise.all(
    [
      refunds.create({ payment_intent: unpaid.id }),
      refunds.create({ payment_intent: 'pi_none' }),
      refunds.create({ charge: 'ch_none' }),
      refunds.create(),
    ].map(failureOf),
  );
  expect(failures.map(({ message }) => message)).toEqual([
    `This PaymentIntent (${unpaid.id}) does not have a successful charge to refund.`,
    "No such payment_intent: 'pi_none'",
    "No such charge: 'ch_none'",
    expect.stringContaining('payment_intent or charge'),
  ]);
});

test('its metadata can be changed', async () => {
  await using started = await startSandbox();
  const { events, paymentIntents, refunds } = started.stripe;
  const intent = await paymentIntents.create(paid);
  const refund = await refunds.create({ payment_intent: intent.id });
  expect((await refunds.update(refund.id, { metadata: { a: '1' } })).metadata).toEqual({ a: '1' });
  const [event] = (await events.list({ type: 'refund.updated' })).data;
  expect(event?.data.previous_attributes).toEqual({ metadata: { a: null } });
});
