import { readFileSync } from 'node:fs';
import { readProviderData } from '@quittance/contracts/canonical';
import { Seed002Created, Seed002LegacyFields } from '@quittance/contracts/seed-002';
import { shapeOf } from '@quittance/testing';
import { describe, expect, test } from 'vitest';
import { withLegacyFields } from './legacy-fields.ts';

const fixture = (name: string): Record<string, unknown> =>
  readProviderData(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
const seedsExample = fixture('created');
/** The seed's draft as the API of 2026-10-28.endive has it. */
const draft = fixture('todays-draft');
const legacyNames = Object.keys(Seed002LegacyFields.shape);

test("today's object lacks what the seed's has, so that there is something to show", () => {
  expect(legacyNames.filter((name) => name in draft)).toEqual([]);
  expect(Object.keys(seedsExample).filter((name) => !(name in draft))).toEqual(legacyNames);
});

test("a draft of today has every field of the seed's example, of the same type, and its values", () => {
  const answer = withLegacyFields(draft);
  expect(shapeOf(answer)).toMatchObject(shapeOf(seedsExample));
  expect(answer).toMatchObject(seedsExample);
  expect(Seed002Created.parse(seedsExample)).toEqual(seedsExample);
});

test("it loses nothing of today's", () => {
  expect(withLegacyFields(draft)).toMatchObject(draft);
});

test("an object of the seed's own version is passed on as it is", () => {
  const old = {
    ...seedsExample,
    application_fee_amount: 5,
    charge: 'ch_1',
    discount: { id: 'di_1', coupon: { id: 'co_1' } },
    paid: true,
    paid_out_of_band: true,
    payment_intent: { id: 'pi_1', amount: 1 },
    quote: 'qt_1',
    rendering_options: { amount_tax_display: 'exclude_tax', template: null },
    subscription: 'sub_1',
    subscription_details: { metadata: { a: 'b' }, pause_collection: null },
    tax: 7,
    total_tax_amounts: [{ amount: 7, inclusive: true, tax_rate: 'txr_1' }],
    transfer_data: { destination: 'acct_1', amount: null },
    lines: { object: 'list', data: [], has_more: false, total_count: 99, url: '/' },
  };
  expect(withLegacyFields(old)).toEqual(old);
});

const legacy = (change: Record<string, unknown>) => withLegacyFields({ ...draft, ...change });
const intentPayment = (payment_intent: unknown, more: Record<string, unknown> = {}) => ({
  object: 'invoice_payment',
  is_default: false,
  status: 'open',
  payment: { type: 'payment_intent', payment_intent },
  ...more,
});
const listOf = (...data: unknown[]) => ({ object: 'list', data, has_more: false });

describe('what it was is found where it is now', () => {
  test.each(['draft', 'open', 'paid', 'uncollectible', 'void'])(
    'paid of one that is %s',
    (status) => {
      expect(legacy({ status })).toMatchObject({
        paid: status === 'paid',
        paid_out_of_band: false,
      });
    },
  );

  test('paid out of band', () => {
    const record = { status: 'paid', payment: { type: 'payment_record', payment_record: 'pr_1' } };
    const paid = { status: 'paid', payments: listOf(record) };
    expect(legacy(paid)).toMatchObject({ paid_out_of_band: true, payment_intent: null });
    expect(legacy({ status: 'paid', amount_paid_off_stripe: 1 }).paid_out_of_band).toBe(true);
    expect(legacy({ ...paid, status: 'open' }).paid_out_of_band).toBe(false);
    const canceled = listOf({ ...record, status: 'canceled' });
    expect(legacy({ status: 'paid', payments: canceled }).paid_out_of_band).toBe(false);
  });

  test('payment_intent: of the default payment, else of one that was not given up', () => {
    const other = intentPayment('pi_other');
    const main = intentPayment('pi_main', { is_default: true });
    const canceled = intentPayment('pi_canceled', { status: 'canceled' });
    expect(legacy({ payments: listOf(other, main) }).payment_intent).toBe('pi_main');
    expect(legacy({ payments: listOf(canceled, other) }).payment_intent).toBe('pi_other');
    expect(legacy({ payments: listOf(canceled) }).payment_intent).toBeNull();
    expect(legacy({ payments: listOf() }).payment_intent).toBeNull();
  });

  test('what an expanded payment_intent knows', () => {
    const intent = {
      id: 'pi_1',
      latest_charge: 'ch_1',
      application_fee_amount: 5,
      transfer_data: { destination: 'acct_1' },
    };
    expect(legacy({ payments: listOf(intentPayment(intent)) })).toMatchObject({
      payment_intent: intent,
      charge: 'ch_1',
      application_fee_amount: 5,
      transfer_data: { destination: 'acct_1' },
    });
  });

  test('charge, where there is no payment_intent', () => {
    const payments = listOf({ status: 'paid', payment: { type: 'charge', charge: 'ch_2' } });
    expect(legacy({ payments })).toMatchObject({ charge: 'ch_2', payment_intent: null });
  });

  test('quote and subscription', () => {
    const subscription_details = { subscription: 'sub_1', metadata: { plan: 'gold' } };
    const parent = { type: 'x', quote_details: { quote: 'qt_1' }, subscription_details };
    expect(legacy({ parent })).toMatchObject({
      quote: 'qt_1',
      subscription: 'sub_1',
      subscription_details: { metadata: { plan: 'gold' } },
    });
    const ofQuote = { type: 'quote_details', quote_details: null, subscription_details: null };
    expect(legacy({ parent: ofQuote })).toMatchObject({ quote: null, subscription: null });
  });

  test('tax: the sum, with each as it was written', () => {
    const tax = {
      amount: 19,
      tax_behavior: 'inclusive',
      tax_rate_details: { tax_rate: 'txr_1' },
      taxability_reason: 'standard_rated',
      taxable_amount: 100,
      type: 'tax_rate_details',
    };
    const other = { ...tax, amount: 5, tax_behavior: 'exclusive', tax_rate_details: null };
    const { taxability_reason, taxable_amount } = tax;
    const same = { taxability_reason, taxable_amount };
    expect(legacy({ total_taxes: [tax, other] })).toMatchObject({
      tax: 24,
      total_tax_amounts: [
        { amount: 19, inclusive: true, tax_rate: 'txr_1', ...same },
        { amount: 5, inclusive: false, tax_rate: null, ...same },
      ],
    });
    expect(legacy({ total_taxes: null })).toMatchObject({ tax: null, total_tax_amounts: [] });
  });

  test('discount: the only one, where it is shown', () => {
    const discount = { id: 'di_1', object: 'discount' };
    expect(legacy({ discounts: [discount] }).discount).toEqual(discount);
    expect(legacy({ discounts: ['di_1'] }).discount).toBeNull();
    expect(legacy({ discounts: [discount, discount] }).discount).toBeNull();
  });

  test('rendering_options', () => {
    const rendering = { amount_tax_display: 'exclude_tax', pdf: null, template: null };
    const rendering_options = { amount_tax_display: 'exclude_tax' };
    expect(legacy({ rendering })).toMatchObject({ rendering, rendering_options });
    expect(legacy({ rendering: null }).rendering_options).toBeNull();
  });

  test('how many lines there are, where all are shown', () => {
    const lines = { object: 'list', data: [{}, {}], has_more: false, url: '/' };
    expect(legacy({ lines }).lines).toEqual({ ...lines, total_count: 2 });
    expect(legacy({ lines: { ...lines, has_more: true } }).lines).toEqual({
      ...lines,
      has_more: true,
    });
  });
});

test('what Stripe may yet write otherwise breaks nothing', () => {
  const others = Object.fromEntries(
    ['discounts', 'lines', 'parent', 'payments', 'rendering', 'total_taxes', 'status'].map(
      (name) => [name, 17],
    ),
  );
  expect(legacy(others)).toMatchObject({ ...others, paid: false, payment_intent: null, tax: null });
});
