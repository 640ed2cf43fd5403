import { expect, test } from 'vitest';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { fingerprintOf, isLuhnValid, testCards } from './test-cards.ts';

test('every number is a card number, and no name or fingerprint stands for two', () => {
  expect(testCards.filter(({ number }) => !isLuhnValid(number))).toEqual([]);
  for (const values of [
    testCards.flatMap(({ names }) => names),
    testCards.map(({ number }) => fingerprintOf(number)),
  ]) {
    expect(new Set(values).size).toBe(values.length);
  }
});

test('every ready-made id and token gives its card', async () => {
  await using started = await startSandbox();
  const { paymentMethods } = started.stripe;
  for (const { number, names } of testCards) {
    for (const name of names) {
      const byId = await paymentMethods.retrieve(`pm_card_${name}`);
      const byToken = await paymentMethods.create({ type: 'card', card: { token: `tok_${name}` } });
      expect([name, byId.card?.last4, byToken.card?.last4]).toEqual([
        name,
        number.slice(-4),
        number.slice(-4),
      ]);
    }
  }
});
