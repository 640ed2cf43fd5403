import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { hashPin } from './pins.ts';

const telegramId = 700_000_001;
const pin = 'a1B2c3';

const link = ({ app, caller }: CoreUnderTest, change: object = {}) =>
  app.core.identities.linkTelegram({ userId: caller.userId, telegramId, pin, ...change });

const addUser = ({ app, caller }: CoreUnderTest, name = 'Grace') =>
  app.core.identities.createUser({ accountId: caller.accountId, name, email: null });

test('a user is nobody in Telegram until they are linked, and then that one person', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  const { accountId } = core.caller;
  expect(await identities.listUsers({ accountId })).toMatchObject([{ telegramId: null }]);
  expect(await identities.userOfTelegram({ telegramId })).toBeNull();
  const user = await link(core);
  expect(user).toMatchObject({ id: core.caller.userId, name: 'Ada', telegramId });
  expect(await identities.userOfTelegram({ telegramId })).toEqual(user);
  expect(await identities.listUsers({ accountId })).toEqual([user]);
  expect(await link(core)).toEqual(user);
  expect(await link(core, { telegramId: 2 ** 52 - 1 })).toMatchObject({ telegramId: 2 ** 52 - 1 });
  expect(await identities.userOfTelegram({ telegramId })).toBeNull();
});

test('a customer of a provider is shown with who they are in Telegram', async () => {
  await using core = await openCore();
  const customer = { ref: 'cus_1', userKey: null, name: 'Eve', email: null, currency: null };
  core.psp.addCustomer(customer);
  const { accountId } = core.caller;
  const asked = { accountId, provider: 'stripe', customerRef: 'cus_1' } as const;
  const { id: userId } = await core.app.core.identities.userOfCustomer(asked);
  await link(core, { userId });
  expect(await core.app.core.identities.userOfCustomer(asked)).toMatchObject({ telegramId });
});

test('a Telegram id is one user’s: others are told so, and stay who they were', async () => {
  await using core = await openCore();
  await link(core);
  const { id: userId } = await addUser(core);
  await expect(link(core, { userId })).rejects.toMatchObject({
    code: 'conflict',
    param: 'telegramId',
  });
  await link(core, { userId, telegramId: 5 });
  await expect(link(core, { userId })).rejects.toMatchObject({ code: 'conflict' });
  expect(await core.app.core.identities.userOfTelegram({ telegramId: 5 })).toMatchObject({
    id: userId,
  });
});

test('nobody who is not there is linked, or gets a PIN', async () => {
  await using core = await openCore();
  await expect(link(core, { userId: 99 })).rejects.toMatchObject({
    code: 'not_found',
    param: 'userId',
  });
  const set = core.app.core.identities.setPin({ telegramId, pin });
  await expect(set).rejects.toMatchObject({ code: 'not_found' });
});

test('the same PIN of two users, and under two keys, is not the same hash; the PIN is nowhere', async () => {
  await using core = await openCore();
  await link(core);
  const other = await addUser(core);
  await link(core, { userId: other.id, telegramId: 5 });
  const rows = await core.store.read.selectFrom('users').select(['id', 'pin_hash']).execute();
  const hashes = rows.map(({ pin_hash }) => pin_hash);
  const { encryptionKey } = core;
  expect(hashes).toEqual(rows.map(({ id: userId }) => hashPin({ encryptionKey }, { userId, pin })));
  const { userId } = core.caller;
  const strange = hashPin({ encryptionKey: randomBytes(32) }, { userId, pin });
  const withoutMark = [...hashes, strange].map((hash) => hash?.split(':').at(-1));
  expect(new Set(withoutMark).size).toBe(3);
  for (const name of await readdir(core.folder)) {
    expect((await readFile(join(core.folder, name), 'latin1')).includes(pin)).toBe(false);
  }
});

test('a core does not start with a key that is not that of the PINs', async () => {
  await using core = await openCore();
  const encryptionKey = randomBytes(32);
  const start = async (): Promise<void> => {
    const background = await (await core.restart({ encryptionKey })).start();
    await background.stop();
  };
  await start();
  await link(core, { pin: null });
  await start();
  await link(core);
  await expect(start()).rejects.toThrow('not the one of the PINs');
  const background = await (await core.restart()).start();
  await background.stop();
});
