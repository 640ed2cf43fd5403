import { createTestClock, openInput } from '@quittance/testing';
import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { customerOf, intentOf, invoiceOptions, withInvoiceAdapter } from './invoice-under-test.ts';

const opened = async ({ provider }: AdapterUnderTest): Promise<string> =>
  (await provider.open(openInput(invoiceOptions))).observation.ref ?? '';

const usd = (amount: number) => ({ amount, currency: 'USD' });

/** Pays an open invoice by two PaymentIntents of their own, the first of them of `first` cents. */
const payInTwo = async (stripe: Stripe, ref: string, first: number): Promise<string[]> => {
  const customer = await customerOf(stripe, ref);
  const { amount_due } = await stripe.invoices.retrieve(ref);
  const intents = [];
  for (const amount of [first, amount_due - first]) {
    const { id } = await stripe.paymentIntents.create({
      amount,
      currency: 'usd',
      customer,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    await stripe.invoices.attachPayment(ref, { payment_intent: id });
    await stripe.paymentIntents.confirm(id);
    intents.push(id);
  }
  return intents;
};

test('a refund is the invoice’s, and names the PaymentIntent that it came by', () =>
  withInvoiceAdapter(async (adapter) => {
    const { provider, stripe, pay } = adapter;
    const ref = await opened(adapter);
    await pay(ref);
    const refund = { ref, payment: null, key: 'refund-1', money: usd(500), mayBeDone: false };
    const observation = await provider.refund(refund);
    const [made] = (await stripe.refunds.list()).data;
    expect(observation).toMatchObject({
      ref,
      aliases: [await intentOf(stripe, ref)],
      facts: [{ kind: 'refund', ref: made?.id, money: usd(500), state: 'succeeded' }],
      providerData: null,
    });
  }));

test('of two payments the one gives back that has enough; together they do not', () =>
  withInvoiceAdapter(async (adapter) => {
    const { provider, stripe } = adapter;
    const ref = await opened(adapter);
    const [small, large] = await payInTwo(stripe, ref, 500);
    expect(await stripe.invoices.retrieve(ref)).toMatchObject({ status: 'paid' });
    const refund = (key: string, amount: number) =>
      provider.refund({ ref, payment: null, key, money: usd(amount), mayBeDone: true });

    expect(await refund('refund-1', 1000)).toMatchObject({ aliases: [large] });
    await expect(refund('refund-2', 600)).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('6.00 USD'),
    });
    const parts = [await refund('refund-3', 500), await refund('refund-4', 550)];
    expect(parts.map(({ aliases }) => aliases)).toEqual([[small], [large]]);
    await expect(refund('refund-5', 1)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await refund('refund-1', 1000)).toMatchObject({ aliases: [large] });
    const amounts = (await stripe.refunds.list()).data.map(({ amount }) => amount);
    expect(amounts.toSorted((a, b) => a - b)).toEqual([500, 550, 1000]);
  }));

test('what was paid out of band, or not at all, cannot be given back', () =>
  withInvoiceAdapter(async (adapter) => {
    const { provider } = adapter;
    const ref = await opened(adapter);
    const refund = () =>
      provider.refund({ ref, payment: null, key: 'refund-1', money: usd(5), mayBeDone: false });
    const refused = { code: 'provider_refused', message: expect.stringContaining('Nothing') };
    await expect(refund()).rejects.toMatchObject(refused);
    const act = { kind: 'pay', paymentMethod: null, outOfBand: true } as const;
    await provider.act({ ref, object: null, key: 'pay-1', act });
    await expect(refund()).rejects.toMatchObject(refused);
  }));

test.each([
  ['server_error', 0],
  ['server_error_after', 0],
  ['drop_after', 0],
  ['drop_after', 25],
])('a refund that ends in %s is made once, asked again %i h later', async (fault, hours) => {
  const clock = createTestClock();
  await withInvoiceAdapter(
    async (adapter) => {
      const { provider, stripe, fail } = adapter;
      const order = { createdAt: new Date(clock.now()).toISOString() };
      const input = { ...openInput(invoiceOptions), ...order };
      const ref = (await provider.open(input)).observation.ref ?? '';
      await payInTwo(stripe, ref, 1000);
      await fail('POST /v1/refunds', fault, fault, fault);
      const money = usd(1000);
      const refund = (mayBeDone: boolean) =>
        provider.refund({ ref, payment: null, key: 'refund-1', money, mayBeDone });
      await refund(false).catch(() => clock.advance(hours * 3_600_000));
      await refund(true);
      const { data } = await stripe.refunds.list();
      expect(data.map(({ amount }) => amount)).toEqual([1000]);
    },
    { clock: clock.now },
  );
});
