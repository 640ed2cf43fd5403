import { expect, test } from 'vitest';
import { openCore } from './core-under-test.ts';

test('it serves, and says that its provider answers', async () => {
  await using core = await openCore();
  expect(await core.app.core.ready()).toEqual({ ready: true, providers: { stripe: 'reachable' } });
});

test('it serves also while its provider does not answer, and says so', async () => {
  await using core = await openCore();
  const description = await core.psp.provider.describe();
  core.psp.provider.describe = () => Promise.resolve({ ...description, reachable: false });
  const away = { ready: true, providers: { stripe: 'unreachable' } };
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
