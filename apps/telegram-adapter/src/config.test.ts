import { ConfigError } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const needed = {
  TELEGRAM_BOT_TOKEN: '7000000001:AAExampleTokenOfTheSandbox_01234567',
  SERVICE_TOKEN: 'a-service-token-of-this-test',
  CORE_URL: 'http://127.0.0.1:3001',
  PUBLIC_URL: 'https://hub.example',
};

test('a token, the core, the service token and where updates are sent to are enough', () => {
  expect(loadConfig(needed)).toMatchObject({
    TELEGRAM_API_URL: 'https://api.telegram.org',
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_SEED_FLOW: 'telegram.bot_api',
    TELEGRAM_TIMEOUT_MS: 10_000,
    BOTS_BUSINESS_BOT_ID: '1914078',
    BOTS_BUSINESS_API_URL: 'https://api.bots.business',
    PORT: 3004,
  });
});

test('a bot that hears nothing does not start', () => {
  const { PUBLIC_URL: _unset, ...deaf } = needed;
  expect(() => loadConfig(deaf)).toThrow('PUBLIC_URL: is needed with TELEGRAM_MODE webhook');
  expect(loadConfig({ ...deaf, TELEGRAM_MODE: 'polling' })).toMatchObject(deaf);
});

const bbp = { BOTS_BUSINESS_USER_ID: '7378059553', BOTS_BUSINESS_PIN: '1234' };

test('a user of the BBP bot comes with a PIN, and lets the seed dialect use that flow', () => {
  const env = { ...needed, ...bbp, TELEGRAM_SEED_FLOW: 'telegram.bots_business' };
  expect(loadConfig(env)).toMatchObject({
    BOTS_BUSINESS_USER_ID: 7_378_059_553,
    BOTS_BUSINESS_PIN: '1234',
  });
});

test.each([
  ['TELEGRAM_BOT_TOKEN', { TELEGRAM_BOT_TOKEN: 'secret-but-no-token' }],
  ['TELEGRAM_API_URL', { TELEGRAM_API_URL: 'https://api.telegram.org/' }],
  ['TELEGRAM_MODE', { TELEGRAM_MODE: 'carrier pigeon' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'shop.example' }],
  ['BOTS_BUSINESS_PIN', { BOTS_BUSINESS_USER_ID: bbp.BOTS_BUSINESS_USER_ID }],
  ['BOTS_BUSINESS_USER_ID', { BOTS_BUSINESS_PIN: bbp.BOTS_BUSINESS_PIN }],
  ['BOTS_BUSINESS_PIN', { ...bbp, BOTS_BUSINESS_PIN: '1234567' }],
  ['TELEGRAM_SEED_FLOW', { TELEGRAM_SEED_FLOW: 'telegram.bots_business' }],
  ['SANDBOX_CLOCK_FILE', { SANDBOX_CLOCK_FILE: '/data/clock.json' }],
])('%s is named when it is wrong, and never its value', (name, wrong) => {
  const load = () => loadConfig({ ...needed, ...wrong });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(name);
  for (const value of Object.values(wrong)) expect(load).not.toThrow(value);
});

test('an emulated Telegram may share the sandbox’s clock', () => {
  const env = { TELEGRAM_API_URL: 'http://127.0.0.1:3100', SANDBOX_CLOCK_FILE: '/data/clock.json' };
  expect(loadConfig({ ...needed, ...env })).toMatchObject(env);
});
