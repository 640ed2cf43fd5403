import { openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import { withAdapter } from './adapter-under-test.ts';
import { invoiceOptions } from './invoice-under-test.ts';

test('a customer is who Stripe says, billed in the account’s currency until billed in another', () =>
  withAdapter(async ({ provider, stripe }) => {
    const { id } = await stripe.customers.create({ name: 'Ada', email: 'ada@example.com' });
    const ada = { ref: id, userKey: null, name: 'Ada', email: 'ada@example.com' };
    expect(await provider.customer({ ref: id })).toEqual({ ...ada, currency: 'USD' });
    await stripe.invoices.create({ customer: id, currency: 'eur' });
    expect(await provider.customer({ ref: id })).toEqual({ ...ada, currency: 'EUR' });
  }));

test('one without a name is nobody in particular', () =>
  withAdapter(async ({ provider, stripe }) => {
    const { id } = await stripe.customers.create();
    expect(await provider.customer({ ref: id })).toMatchObject({ name: null, email: null });
  }));

test('one that a hub made says for whom', () =>
  withAdapter(async ({ provider }) => {
    const ref = (await provider.open(openInput(invoiceOptions))).customerRef ?? '';
    expect(await provider.customer({ ref })).toMatchObject({ userKey: 'test-user-1' });
  }));

test('one who was deleted is nobody, as is one who never was', () =>
  withAdapter(async ({ provider, stripe }) => {
    const { id } = await stripe.customers.create();
    await stripe.customers.del(id);
    for (const ref of [id, 'cus_of_nobody']) {
      await expect(provider.customer({ ref })).rejects.toMatchObject({
        code: 'provider_refused',
        message: `No such customer: '${ref}'`,
        refusal: { status: 404, code: 'resource_missing', param: 'id' },
      });
    }
  }));

test.each([
  ['a currency that we do not know', { body: { default_currency: 'usdc' } }],
  ['a key that may not ask for it', { status: 403, body: { error: { message: 'No.' } } }],
])('%s is none', (_title, canned) =>
  withAdapter(async ({ provider, stripe, answer }) => {
    const { id } = await stripe.customers.create();
    answer('GET /v1/account', canned);
    expect(await provider.customer({ ref: id })).toMatchObject({ currency: null });
  }),
);

test('a Stripe that does not answer is no verdict on the customer', () =>
  withAdapter(async ({ provider, answer }) => {
    answer('GET /v1/customers/cus_1', { status: 401, body: { error: { message: 'No.' } } });
    await expect(provider.customer({ ref: 'cus_1' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  }));
