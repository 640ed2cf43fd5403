import { expect, test } from 'vitest';
import { openCore } from './core-under-test.ts';

test('it serves, and says that its providers answer', async () => {
  await using core = await openCore();
  const providers = { stripe: 'reachable', bitsby: 'reachable', telegram: 'reachable' };
  expect(await core.app.core.ready()).toEqual({ ready: true, providers });
});

test('it says nothing of a provider that it does not have', async () => {
  await using core = await openCore();
  const app = await core.restart({ providers: { stripe: core.psp.provider } });
  expect(await app.core.ready()).toEqual({ ready: true, providers: { stripe: 'reachable' } });
});

test('it serves also while a provider does not answer, and says so', async () => {
  await using core = await openCore();
  const description = await core.psp.provider.describe();
  core.psp.provider.describe = () => Promise.resolve({ ...description, reachable: false });
  const others = { bitsby: 'reachable', telegram: 'reachable' };
  const away = { ready: true, providers: { stripe: 'unreachable', ...others } };
  expect(await core.app.core.ready()).toEqual(away);
  core.psp.provider.describe = () => Promise.reject(new Error('its process is gone'));
  expect(await core.app.core.ready()).toEqual(away);
  core.psp.provider.describe = () => Promise.resolve(description);
  expect(await core.app.core.ready()).toMatchObject({ providers: { stripe: 'reachable' } });
});

test('without its database it does not serve', async () => {
  const core = await openCore();
  await core[Symbol.asyncDispose]();
  await expect(core.app.core.ready()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The database cannot be read',
  });
});
