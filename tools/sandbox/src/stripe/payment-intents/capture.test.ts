import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('is captured later, whole or in part, and only once', async () => {
  await using started = await startSandbox();
  const { paymentIntents, charges } = started.stripe;
  const intent = await paymentIntents.create({
    ...usd,
    capture_method: 'manual',
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  expect(intent).toMatchObject({
    status: 'requires_capture',
    amount_capturable: 2050,
    amount_received: 0,
  });
  expect((await charges.retrieve(idOf(intent.latest_charge))).captured).toBe(false);

  const tooMuch = paymentIntents.capture(intent.id, { amount_to_capture: 2051 });
  expect(await failureOf(tooMuch)).toMatchObject({ param: 'amount_to_capture', statusCode: 400 });

  const captured = await paymentIntents.capture(intent.id, { amount_to_capture: 1000 });
  expect(captured).toMatchObject({
    status: 'succeeded',
    amount: 2050,
    amount_capturable: 0,
    amount_received: 1000,
  });
  expect(await charges.retrieve(idOf(intent.latest_charge))).toMatchObject({
    captured: true,
    amount_captured: 1000,
  });
  expect(await failureOf(paymentIntents.capture(intent.id))).toMatchObject({
    code: 'payment_intent_unexpected_state',
  });
});
