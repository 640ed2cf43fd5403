import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

test('is created, retrieved, updated and deleted', async () => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const customer = await customers.create({
    email: 'ada@example.com',
    name: 'Ada',
    address: { city: 'London' },
    metadata: { user: '1' },
  });
  expect(customer).toMatchObject({
    object: 'customer',
    address: { city: 'London', country: null },
    email: 'ada@example.com',
    metadata: { user: '1' },
    name: 'Ada',
  });
  expect(customer.id).toMatch(/^cus_[0-9A-Za-z]{14}$/);
  expect(await customers.retrieve(customer.id)).toEqual(customer);

  const updated = await customers.update(customer.id, {
    name: '',
    metadata: { user: '', plan: 'x' },
  });
  expect(updated).toMatchObject({ name: null, email: 'ada@example.com', metadata: { plan: 'x' } });

  expect(await customers.del(customer.id)).toEqual({
    id: customer.id,
    object: 'customer',
    deleted: true,
  });
  expect(await customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  expect((await customers.list()).data).toEqual([]);
  expect(await failureOf(customers.update(customer.id, { name: 'Eve' }))).toMatchObject({
    code: 'resource_missing',
    statusCode: 404,
  });
});

test('lists by email', async () => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const ada = await customers.create({ email: 'ada@example.com' });
  await customers.create({ email: 'bob@example.com' });
  const found = await customers.list({ email: 'ada@example.com' });
  expect(found.data.map(({ id }) => id)).toEqual([ada.id]);
});

test('is created with a payment method', async () => {
  await using started = await startSandbox();
  const { customers, paymentMethods } = started.stripe;
  const customer = await customers.create({ payment_method: 'pm_card_visa' });
  const [method] = (await paymentMethods.list({ customer: customer.id })).data;
  expect(method?.card?.last4).toBe('4242');

  await customers.del(customer.id);
  expect((await paymentMethods.retrieve(String(method?.id))).customer).toBeNull();
});
