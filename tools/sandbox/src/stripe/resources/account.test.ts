import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

test('every key is of the one account', async () => {
  await using started = await startSandbox();
  const { accounts } = started.stripe;
  const current = await accounts.retrieveCurrent();
  expect(current).toMatchObject({
    object: 'account',
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
  });
  expect(await accounts.retrieve(current.id)).toEqual(current);
  expect(await accounts.retrieve(null)).toEqual(current);
  expect(await failureOf(accounts.retrieve('acct_other'))).toMatchObject({
    statusCode: 403,
    code: 'account_invalid',
  });
});
