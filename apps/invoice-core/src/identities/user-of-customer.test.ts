import type { User } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';

const customer = {
  ref: 'cus_1',
  userKey: null,
  name: 'Grace Hopper',
  email: 'grace@example.com',
  currency: 'USD',
};

const userOf = (
  { app, caller: { accountId } }: CoreUnderTest,
  customerRef = 'cus_1',
): Promise<User> =>
  app.core.identities.userOfCustomer({ accountId, provider: 'stripe', customerRef });

const usersOf = ({ app, caller: { accountId } }: CoreUnderTest): Promise<User[]> =>
  app.core.identities.listUsers({ accountId });

/** How often the provider was asked who that is. */
const countQuestions = ({ psp }: CoreUnderTest): (() => number) => {
  const { customer: real } = psp.provider;
  let asked = 0;
  psp.provider.customer = (input) => {
    asked += 1;
    return real(input);
  };
  return () => asked;
};

test('a customer whom nobody knows becomes a user, and stays that user', async () => {
  await using core = await openCore();
  core.psp.addCustomer(customer);
  const asked = countQuestions(core);
  const user = await userOf(core);
  expect(user).toMatchObject({
    accountId: core.caller.accountId,
    name: 'Grace Hopper',
    email: 'grace@example.com',
  });
  expect(await userOf(core)).toEqual(user);
  expect(asked()).toBe(1);
  expect((await usersOf(core)).map(({ name }) => name)).toEqual(['Ada', 'Grace Hopper']);
});

test('the customer of a user who was billed before is that user, without a question', async () => {
  await using core = await openCore();
  await core.app.core.invoices.create(core.invoice());
  const [ada] = await usersOf(core);
  const asked = countQuestions(core);
  expect(await userOf(core, `cus_${ada?.publicId ?? ''}`)).toEqual(ada);
  expect(asked()).toBe(0);
});

test.each([
  ['the e-mail where there is no name', { name: null }, 'grace@example.com'],
  ['the e-mail where the name is blank', { name: '  ' }, 'grace@example.com'],
  ['the id where there is neither', { name: null, email: null }, 'cus_1'],
  ['the id where both are blank', { name: '', email: '' }, 'cus_1'],
  ['the name without blanks around it', { name: ' Grace ' }, 'Grace'],
  ['the start of a name that is too long', { name: 'x'.repeat(300) }, 'x'.repeat(255)],
])('the name is %s', async (_, change, name) => {
  await using core = await openCore();
  core.psp.addCustomer({ ...customer, ...change });
  expect(await userOf(core)).toMatchObject({ name });
});

test.each([
  [`${'x'.repeat(254)}🙂`, 'x'.repeat(254)],
  ['Gra\0ce', 'Grace'],
  ['\0', 'grace@example.com'],
  ['Grace\ud83d', 'Grace\ufffd'],
])('the name %j is stored as what every database can hold', async (told, name) => {
  await using core = await openCore();
  core.psp.addCustomer({ ...customer, name: told });
  const user = await userOf(core);
  expect(user.name).toBe(name);
  expect((await usersOf(core)).at(-1)).toEqual(user);
});

test.each([['none'], ['grace@'], [''], ['@example.com']])(
  'the e-mail %j is none',
  async (email) => {
    await using core = await openCore();
    core.psp.addCustomer({ ...customer, email });
    expect(await userOf(core)).toMatchObject({ name: 'Grace Hopper', email: null });
  },
);

test('asked for by several at once, one user is made', async () => {
  await using core = await openCore();
  core.psp.addCustomer(customer);
  const users = await Promise.all(Array.from({ length: 5 }, () => userOf(core)));
  expect(new Set(users.map(({ id }) => id)).size).toBe(1);
  expect(await usersOf(core)).toHaveLength(2);
});

test('whom the provider does not know is its refusal, and nothing is stored', async () => {
  await using core = await openCore();
  await expect(userOf(core, 'cus_nobody')).rejects.toMatchObject({
    code: 'provider_refused',
    message: "No such customer: 'cus_nobody'",
    refusal: { status: 404, code: 'resource_missing', param: 'id' },
  });
  expect(await usersOf(core)).toHaveLength(1);
  expect(await core.store.read.selectFrom('customers').selectAll().execute()).toEqual([]);
});

test('one whom this hub made for its user is that user', async () => {
  await using core = await openCore();
  const [ada] = await usersOf(core);
  core.psp.addCustomer({ ...customer, userKey: ada?.publicId ?? '' });
  expect(await userOf(core)).toEqual(ada);
  const asked = countQuestions(core);
  expect(await userOf(core)).toEqual(ada);
  expect(asked()).toBe(0);
  expect(await usersOf(core)).toHaveLength(1);
});

test('a second customer that was made for a user is that user too, who keeps the first', async () => {
  await using core = await openCore();
  await core.app.core.invoices.create(core.invoice());
  const [ada] = await usersOf(core);
  core.psp.addCustomer({ ...customer, userKey: ada?.publicId ?? '' });
  expect(await userOf(core)).toEqual(ada);
  const customers = await core.store.read
    .selectFrom('customers')
    .select(['ref', 'in_use'])
    .orderBy('in_use')
    .execute();
  expect(customers).toEqual([
    { ref: 'cus_1', in_use: 0 },
    { ref: `cus_${ada?.publicId ?? ''}`, in_use: 1 },
  ]);
});

test('one whom another hub made becomes a user', async () => {
  await using core = await openCore();
  core.psp.addCustomer({ ...customer, userKey: 'f'.repeat(24) });
  expect(await userOf(core)).toMatchObject({ name: 'Grace Hopper' });
});

test('asked for from another account, the user is whose it is', async () => {
  await using core = await openCore();
  core.psp.addCustomer(customer);
  const user = await userOf(core);
  const { identities } = core.app.core;
  const { id: accountId } = await identities.createAccount({ name: 'Other' });
  const found = await identities.userOfCustomer({
    accountId,
    provider: 'stripe',
    customerRef: 'cus_1',
  });
  expect(found).toEqual(user);
  expect(await identities.listUsers({ accountId })).toEqual([]);
});

test('in no account, nobody is made', async () => {
  await using core = await openCore();
  core.psp.addCustomer(customer);
  const made = core.app.core.identities.userOfCustomer({
    accountId: 99,
    provider: 'stripe',
    customerRef: 'cus_1',
  });
  await expect(made).rejects.toMatchObject({ code: 'not_found', param: 'accountId' });
  expect(await core.store.read.selectFrom('customers').selectAll().execute()).toEqual([]);
});
