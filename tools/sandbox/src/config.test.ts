import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

test('has a default for everything', () => {
  expect(loadConfig({})).toEqual({
    HOST: '127.0.0.1',
    SANDBOX_PORT: 3100,
    SANDBOX_LATENCY_MS: 0,
    LOG_LEVEL: 'info',
  });
});

test('takes the webhook endpoint whole or not at all', () => {
  const url = { STRIPE_WEBHOOK_URL: 'http://127.0.0.1:3000/webhooks/stripe' };
  const secret = { STRIPE_WEBHOOK_SECRET: 'whsec_0123456789' };
  expect(loadConfig({ ...url, ...secret })).toMatchObject({ ...url, ...secret });
  expect(() => loadConfig(url)).toThrow(/STRIPE_WEBHOOK_SECRET: /);
  expect(() => loadConfig(secret)).toThrow(/STRIPE_WEBHOOK_URL: /);
});

test('names what is wrong', () => {
  expect(() => loadConfig({ SANDBOX_FAULT_SEED: 'x', SANDBOX_LATENCY_MS: '-1' })).toThrow(
    /SANDBOX_FAULT_SEED: .*\n.*SANDBOX_LATENCY_MS: /,
  );
});
