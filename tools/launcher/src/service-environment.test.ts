import { expect, test } from 'vitest';
import { serviceEnvironment } from './service-environment.ts';

const operators = {
  PATH: '/bin',
  BITSBY_API_KEY: 'bitsby',
  BOTS_BUSINESS_PIN: '123456',
  TELEGRAM_BOT_TOKEN: '1:telegram',
  TELEGRAM_PROVIDER_TOKEN: '1:TEST:card',
  ENCRYPTION_KEY: 'key',
  METRICS_TOKEN: 'token',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
};

test.each([
  'BITSBY_API_KEY',
  'BOTS_BUSINESS_PIN',
  'ENCRYPTION_KEY',
  'METRICS_TOKEN',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_PROVIDER_TOKEN',
])('%s reaches only the service that it is for', (name) => {
  expect(serviceEnvironment(operators, {})[name]).toBeUndefined();
  expect(serviceEnvironment(operators, { [name]: 'own' })[name]).toBe('own');
});

test('the rest reaches every service, whose own settings come first', () => {
  expect(serviceEnvironment(operators, { PORT: '1' })).toEqual({ PATH: '/bin', PORT: '1' });
  expect(serviceEnvironment(operators, { PATH: '/usr/bin' }).PATH).toBe('/usr/bin');
});
