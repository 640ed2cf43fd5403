import { expect, test } from 'vitest';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('is updated as far as its state allows', async () => {
  await using started = await startSandbox();
  const { paymentIntents } = started.stripe;
  const intent = await paymentIntents.create({ ...usd, metadata: { a: '1', b: '2' } });
  const updated = await paymentIntents.update(intent.id, {
    amount: 3000,
    description: 'A flight',
    metadata: { a: '', c: '3' },
  });
  expect(updated).toMatchObject({ amount: 3000, description: 'A flight' });
  expect(updated.metadata).toEqual({ b: '2', c: '3' });
  expect(
    (await paymentIntents.update(intent.id, { description: '', metadata: '' })).metadata,
  ).toEqual({});

  await paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  const late = await failureOf(paymentIntents.update(intent.id, { amount: 100 }));
  expect(late).toMatchObject({ code: 'payment_intent_unexpected_state', param: 'amount' });
  expect(late.message).toContain("This PaymentIntent's amount could not be updated");
  const noted = await paymentIntents.update(intent.id, { metadata: { late: 'yes' } });
  expect(noted.metadata).toEqual({ late: 'yes' });
});
