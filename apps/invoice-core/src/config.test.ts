import { ProviderName } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { adapterUrlKey, configSchema, loadConfig } from './config.ts';

const env = {
  SERVICE_TOKEN: 'a-token-of-services',
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};
const url = 'http://127.0.0.1:3002';

test('every provider has the URL of its adapter, by its name', () => {
  const keys = ProviderName.options.map(adapterUrlKey);
  expect(keys).toEqual(expect.arrayContaining(['STRIPE_ADAPTER_URL', 'BITSBY_ADAPTER_URL']));
  expect(Object.keys(configSchema.shape)).toEqual(expect.arrayContaining(keys));
});

test.each(ProviderName.options.map(adapterUrlKey))('a hub may have no other than %s', (key) => {
  expect(loadConfig({ ...env, [key]: url })).toMatchObject({ [key]: url });
});

test('without any, or with one that is no URL, it does not start', () => {
  expect(() => loadConfig(env)).toThrow('<PROVIDER>_ADAPTER_URL: at least one is needed');
  expect(() => loadConfig({ ...env, BITSBY_ADAPTER_URL: 'here' })).toThrow('BITSBY_ADAPTER_URL');
});
