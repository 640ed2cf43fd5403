import { openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import { keyNotAccepted, withAdapter } from './adapter-under-test.ts';

const customersOf = (id: string) => ({ object: 'search_result', data: [{ id, metadata: {} }] });

test('a customer that was deleted at Stripe is made anew, also for invoices that come later', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    const gone = (await stripe.customers.create()).id;
    await stripe.customers.del(gone);
    const refs = await Promise.all(
      [1, 2, 3].map(async (id) => {
        const input = openInput(options, { id });
        const { customerRef } = await provider.open({
          ...input,
          customer: { ...input.customer, ref: gone },
        });
        return customerRef;
      }),
    );
    expect(refs).not.toContain(gone);
    expect(new Set(refs).size).toBe(1);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(3);
    expect((await stripe.customers.list()).data).toHaveLength(1);
  }));

test('so is one that open itself made, whose idempotency key still gives the one that is gone', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    const gone: (string | null)[] = [];
    for (const id of [1, 2, 3]) {
      const { customerRef } = await provider.open(openInput(options, { id }));
      expect(gone).not.toContain(customerRef);
      gone.push(customerRef);
      await stripe.customers.del(customerRef ?? '');
    }
    expect((await stripe.paymentIntents.list()).data).toHaveLength(3);
  }));

test('so is one that search still shows', () =>
  withAdapter(async ({ provider, options, stripe, answer }) => {
    const gone = (await provider.open(openInput(options))).customerRef ?? '';
    await stripe.customers.del(gone);
    answer('GET /v1/customers/search', { body: customersOf(gone) });
    const refs = [];
    for (const id of [2, 3])
      refs.push((await provider.open(openInput(options, { id }))).customerRef);
    expect(new Set([gone, ...refs]).size).toBe(2);
  }));

test('a retry with the new customer, after "No such customer" and no more, is not blocked', () =>
  withAdapter(async ({ provider, options, stripe, answer }) => {
    const input = openInput(options);
    const gone = (await stripe.customers.create()).id;
    await stripe.customers.del(gone);
    const open = (id: number, ref: string | null) =>
      provider.open({
        ...openInput(options, { id }),
        createdAt: input.createdAt,
        customer: { ...input.customer, ref },
      });
    answer('POST /v1/customers', keyNotAccepted);
    await expect(open(1, gone)).rejects.toMatchObject({ code: 'unavailable' });
    const { customerRef } = await open(2, gone);
    const { observation } = await open(1, customerRef);
    expect((await open(1, gone)).observation.ref).toBe(observation.ref);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(2);
  }));

test('whichever customer a retry comes with, it comes to the one PaymentIntent', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    const input = openInput(options);
    const gone = (await stripe.customers.create()).id;
    await stripe.customers.del(gone);
    const open = (ref: string | null) =>
      provider.open({ ...input, customer: { ...input.customer, ref } });
    const first = await open(gone);
    const again = [await open(gone), await open(null), await open(first.customerRef)];
    expect(new Set([first, ...again].map(({ observation }) => observation.ref)).size).toBe(1);
    expect(new Set([first, ...again].map(({ customerRef }) => customerRef)).size).toBe(1);
    const found = await provider.find({ by: 'open', open: input });
    expect(found.observations).toMatchObject([{ ref: first.observation.ref }]);
  }));

test('a customer that is missing again and again is no refusal', () =>
  withAdapter(async ({ provider, options, answer }) => {
    const error = { type: 'invalid_request_error', code: 'resource_missing', param: 'customer' };
    answer('POST /v1/payment_intents', { status: 400, body: { error } });
    answer('POST /v1/customers', { body: { id: 'cus_gone' } });
    const open = provider.open(openInput(options));
    await expect(open).rejects.toMatchObject({ code: 'unavailable' });
  }));
