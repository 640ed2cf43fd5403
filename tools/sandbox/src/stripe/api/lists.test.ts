import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

const usd = { amount: 1000, currency: 'usd' } as const;

test('pages forwards and backwards, newest first', async () => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.unshift((await customers.create()).id);

  const first = await customers.list({ limit: 2 });
  expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' });
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));

  const last = await customers.list({ limit: 2, starting_after: String(ids[2]) });
  expect(last.data.map(({ id }) => id)).toEqual(ids.slice(3));
  expect(last.has_more).toBe(false);

  const back = await customers.list({ limit: 2, ending_before: String(ids[3]) });
  expect(back.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
  expect(back.has_more).toBe(true);

  const all = await customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
  expect(all.map(({ id }) => id)).toEqual(ids);
});

test.each([
  [{ limit: 0 }, 'limit'],
  [{ limit: 101 }, 'limit'],
  [{ starting_after: 'cus_none' }, 'starting_after'],
])('refuses %j', async (params, param) => {
  await using started = await startSandbox();
  expect(await failureOf(started.stripe.customers.list(params))).toMatchObject({
    statusCode: 400,
    param,
  });
});

test('expands to any depth, in lists too', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents } = started.stripe;
  const customer = await customers.create({ name: 'Ada' });
  const intent = await paymentIntents.create({
    ...usd,
    customer: customer.id,
    confirm: true,
    payment_method: 'pm_card_visa',
    expand: ['latest_charge.customer', 'payment_method', 'latest_charge.refunds'],
  });
  expect(intent).toMatchObject({
    customer: customer.id,
    latest_charge: { object: 'charge', customer: { name: 'Ada' }, refunds: { data: [] } },
    payment_method: { card: { last4: '4242' } },
  });

  const listed = await paymentIntents.list({ expand: ['data.customer'] });
  expect(listed.data[0]?.customer).toMatchObject({ name: 'Ada' });
  const plain = await paymentIntents.retrieve(intent.id);
  expect(plain.customer).toBe(customer.id);
});

test.each(['colour', 'status', 'a.b.c.d.e'])('refuses to expand %s', async (path) => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  const failure = await failureOf(started.stripe.paymentIntents.retrieve(id, { expand: [path] }));
  expect(failure).toMatchObject({ statusCode: 400, param: 'expand' });
});

test('searches by metadata and by field', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents } = started.stripe;
  const ada = await customers.create({ email: 'ada@example.com', metadata: { user: "O'Neil" } });
  await customers.create({ email: 'bob@example.com', metadata: { user: '2' } });
  const idsOf = async (query: string): Promise<string[]> =>
    (await customers.search({ query })).data.map(({ id }) => id);

  expect(await idsOf(`metadata["user"]:"O'Neil"`)).toEqual([ada.id]);
  expect(await idsOf(`metadata['user']:'O\\'Neil' AND email:'ada@example.com'`)).toEqual([ada.id]);
  expect(await idsOf(`metadata['user']:'2' AND email:'ada@example.com'`)).toEqual([]);
  expect(await idsOf(`email~'example' AND -email~'bob'`)).toEqual([ada.id]);
  expect(await idsOf(`email:'bob@example.com' OR email:'ada@example.com'`)).toHaveLength(2);

  const intent = await paymentIntents.create({ ...usd, metadata: { invoice_id: '7' } });
  await paymentIntents.create({ ...usd, metadata: { invoice_id: '8' } });
  const found = await paymentIntents.search({
    query: `metadata['invoice_id']:'7' AND amount>=1000 AND status:'requires_payment_method'`,
  });
  expect(found.data.map(({ id }) => id)).toEqual([intent.id]);

  const all = await customers
    .search({ query: 'created>0', limit: 1 })
    .autoPagingToArray({ limit: 9 });
  expect(all).toHaveLength(2);
});

test.each([`email='x'`, `colour:'red'`, `email:'a' AND email:'b' OR email:'c'`, ''])(
  'refuses the query %j',
  async (query) => {
    await using started = await startSandbox();
    expect(await failureOf(started.stripe.customers.search({ query }))).toMatchObject({
      statusCode: 400,
      param: 'query',
    });
  },
);
