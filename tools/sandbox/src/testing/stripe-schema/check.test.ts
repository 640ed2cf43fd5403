import type { Stripe } from 'stripe';
import { beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../start-sandbox.ts';
import type { StripeCheck } from './check.ts';
import { stripeCheck } from './stripe-check.ts';

let check: StripeCheck;
let intent: Stripe.PaymentIntent;
let event: Stripe.Event;

beforeAll(async () => {
  check = await stripeCheck();
  await using started = await startSandbox();
  const { customers, events, paymentIntents } = started.stripe;
  const customer = await customers.create({ name: 'Ada', metadata: { plan: 'a' } });
  await customers.update(customer.id, { metadata: { plan: '' } });
  const updates = await events.list({ type: 'customer.updated' });
  if (updates.data[0] === undefined) throw new Error('There is no event');
  event = updates.data[0];
  intent = await paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    customer: customer.id,
    confirm: true,
    payment_method: 'pm_card_visa',
    expand: ['customer', 'latest_charge.balance_transaction', 'payment_method'],
  });
});

const asObject = (value: unknown): object => {
  if (typeof value === 'object' && value !== null) return value;
  throw new Error('That is no object');
};

/** A copy that has another value, or none, at a path. */
const changed = (whole: object, path: string, value?: unknown): object => {
  const copy: unknown = JSON.parse(JSON.stringify(whole));
  const names = path.split('.');
  const last = names.pop() ?? '';
  const owner = names.reduce((inner, name) => asObject(Reflect.get(inner, name)), asObject(copy));
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else Reflect.set(owner, last, value);
  return asObject(copy);
};

test('what Stripe would say passes, with references expanded or not', () => {
  expect(check(changed(intent, 'lastResponse'))).toEqual([]);
  expect(check(changed(intent, 'customer', 'cus_1'))).toEqual([]);
  expect(check(event)).toEqual([]);
  expect(event.data.previous_attributes).toEqual({ metadata: { plan: 'a' } });
  const list = { object: 'list', data: [intent, event], has_more: false, url: '/v1/things' };
  expect(check(list)).toEqual([]);
  expect(check({ id: 'cus_1', object: 'customer', deleted: true })).toEqual([]);
});

test.each([
  ['amount', undefined, 'payment_intent: expected the field amount, got nothing'],
  ['amount', '1000', 'payment_intent/amount: expected integer, got "1000"'],
  ['amount', 10.5, 'payment_intent/amount: expected integer, got 10.5'],
  [
    'invoice',
    'in_1',
    'payment_intent: expected no field invoice, which Stripe does not have, got "in_1"',
  ],
  [
    'capture_method',
    'later',
    'payment_intent/capture_method: expected one of ["automatic","automatic_async","manual"], got "later"',
  ],
  ['metadata.a', 1, 'payment_intent/metadata/a: expected string, got 1'],
  ['customer.email', undefined, 'payment_intent/customer: expected the field email, got nothing'],
  [
    'latest_charge.outcome.risk',
    1,
    'payment_intent/latest_charge/outcome: expected no field risk, which Stripe does not have, got 1',
  ],
  [
    'latest_charge.balance_transaction.fee',
    true,
    'payment_intent/latest_charge/balance_transaction/fee: expected integer, got true',
  ],
])('%s as %j is found', (path, value, violation) => {
  expect(check(changed(intent, path, value))).toEqual([violation]);
});

test('an object in the place of another is found', () => {
  const [violation, ...others] = check(changed(intent, 'customer.object', 'refund'));
  expect(violation).toContain('payment_intent/customer/object: expected "customer"');
  expect(others.length).toBeGreaterThan(0);
});

test.each([
  ['type', 'customer.renamed', 'event:customer.renamed: Stripe has no event:customer.renamed'],
  ['request', undefined, 'event:customer.updated: expected the field request, got nothing'],
  [
    'data.object.object',
    'refund',
    'event:customer.updated/data/object/object: expected "customer", got "refund"',
  ],
  [
    'data.previous_attributes.nickname',
    'Ada',
    'event:customer.updated/data/previous_attributes: expected no field nickname, which Stripe does not have, got "Ada"',
  ],
  [
    'data.previous_attributes.name',
    7,
    'event:customer.updated/data/previous_attributes/name: expected string or null, got 7',
  ],
])('%s of an event as %j is found', (path, value, violation) => {
  expect(check(changed(event, path, value))).toContain(violation);
});

test.each([
  [{ error: { type: 'card_error', code: 'card_declined', message: 'No.' } }, []],
  [
    { error: { type: 'card_error', code: 'card_broken' } },
    [expect.stringMatching(/^error\/error\/code: expected one of .*, got "card_broken"$/)],
  ],
  [{ error: { message: 'No.' } }, ['error/error: expected the field type, got nothing']],
  [{ result: 'no' }, [`body: expected an object of Stripe's, got {"result":"no"}`]],
  [[], ["body: expected an object of Stripe's, got []"]],
  [{ object: 'wish' }, ['wish: Stripe has no wish']],
])('%j is checked as an answer', (body, violations) => {
  expect(check(body)).toEqual(violations);
});

test('a part of an object may lack fields, but not have others', () => {
  expect(check({ object: 'customer', name: 'Ada' }, { partial: true })).toEqual([]);
  expect(check({ object: 'customer', nickname: 'Ada' }, { partial: true })).toEqual([
    'customer: expected no field nickname, which Stripe does not have, got "Ada"',
  ]);
});
