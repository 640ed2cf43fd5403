import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';

const scope = 'invoices:write';

test('a key speaks for its user', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  expect(await identities.authenticate({ apiKey: core.apiKey, scope })).toEqual(core.caller);
});

test('every kind of wrong key gets the same answer', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  const { apiKey } = core;
  const last = apiKey.at(-1) === 'A' ? 'B' : 'A';
  const wrong = ['', 'x', apiKey.slice(0, -1), apiKey.slice(0, -1) + last, `${apiKey}A`];
  const unknown = apiKey.replace(/^qk_.{12}/, 'qk_000000000000');
  for (const one of [...wrong, unknown]) {
    await expect(identities.authenticate({ apiKey: one, scope })).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'The API key is missing, malformed or no longer valid',
    });
  }
});

test('a revoked key opens nothing from then on; revoking twice keeps the first time', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  const { revokedAt } = await identities.revokeApiKey({ id: core.apiKeyId });
  core.clock.advance(1000);
  expect(await identities.revokeApiKey({ id: core.apiKeyId })).toMatchObject({ revokedAt });
  await expect(identities.authenticate({ apiKey: core.apiKey, scope })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test('a key without the scope is forbidden', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  const { userId } = core.caller;
  const { secret } = await identities.createApiKey({ userId, scopes: ['invoices:read'] });
  await expect(identities.authenticate({ apiKey: secret, scope })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('the key itself is nowhere in the database', async () => {
  await using core = await openCore();
  for (const name of await readdir(core.folder)) {
    const bytes = await readFile(join(core.folder, name), 'latin1');
    expect(bytes.includes(core.apiKey.slice(16))).toBe(false);
  }
});

test('a user of no account and a key of no user are not found', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  await expect(
    identities.createUser({ accountId: 99, name: 'x', email: null }),
  ).rejects.toMatchObject({ code: 'not_found', param: 'accountId' });
  await expect(identities.createApiKey({ userId: 99, scopes: [scope] })).rejects.toMatchObject({
    code: 'not_found',
    param: 'userId',
  });
});
