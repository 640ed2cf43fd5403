import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('is canceled until it has succeeded', async () => {
  await using started = await startSandbox();
  const { paymentIntents, charges } = started.stripe;
  const fresh = await paymentIntents.create(usd);
  const authorized = await paymentIntents.create({
    ...usd,
    capture_method: 'manual',
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  const paid = await paymentIntents.create({
    ...usd,
    confirm: true,
    payment_method: 'pm_card_visa',
  });

  const canceled = await paymentIntents.cancel(fresh.id, { cancellation_reason: 'abandoned' });
  expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
  expect(canceled.canceled_at).toBeTypeOf('number');
  const released = await paymentIntents.cancel(authorized.id);
  expect(released).toMatchObject({ status: 'canceled', amount_capturable: 0 });
  expect(await charges.retrieve(idOf(authorized.latest_charge))).toMatchObject({
    refunded: true,
    captured: false,
  });

  for (const id of [fresh.id, paid.id]) {
    expect(await failureOf(paymentIntents.cancel(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id },
    });
  }
  const confirming = paymentIntents.confirm(fresh.id, { payment_method: 'pm_card_visa' });
  expect(await failureOf(confirming)).toMatchObject({ code: 'payment_intent_unexpected_state' });
});
