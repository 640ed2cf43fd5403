import { openInput } from '@quittance/testing';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { customerOf, orderOf, tooMuch } from './invoice-under-test.ts';

const cardOptions = { provider: 'stripe', flow: 'stripe.payment_intent' } as const;

/** What happens to PaymentIntents: declined, authenticated, refunded, canceled, captured, debited, disputed. */
const liveByCard = async ({ provider, stripe }: AdapterUnderTest): Promise<void> => {
  const open = async (id: number): Promise<string> =>
    (await provider.open(openInput(cardOptions, { id }))).observation.ref ?? '';
  const confirm = (ref: string, payment_method: string) =>
    stripe.paymentIntents
      .confirm(ref, { payment_method, return_url: 'https://shop.example' })
      .catch(() => undefined);
  const make = (id: number, params: object) =>
    stripe.paymentIntents.create({
      amount: 2050,
      currency: 'usd',
      metadata: { invoice_id: String(id), user: '1' },
      ...params,
    });

  const paid = await open(1);
  await confirm(paid, 'pm_card_chargeDeclined');
  await confirm(paid, 'pm_card_threeDSecure2Required');
  await confirm(paid, 'pm_card_visa');
  const money = { amount: 500, currency: 'USD' };
  await provider.refund({ ref: paid, payment: null, key: 'refund-1', money, mayBeDone: false });
  const [refund] = (await stripe.refunds.list()).data;
  await stripe.refunds.update(refund?.id ?? '', { metadata: { note: 'Sorry' } });

  const canceled = await open(2);
  await provider.act({ ref: canceled, object: null, key: 'cancel-2', act: { kind: 'cancel' } });

  const held = await make(3, { capture_method: 'manual', payment_method: 'pm_card_visa' });
  await confirm(held.id, 'pm_card_visa');

  const debited = await make(4, { allowed_payment_method_types: ['us_bank_account'] });
  await confirm(debited.id, 'pm_usBankAccount_success');

  const disputed = await open(5);
  await confirm(disputed, 'pm_card_createDispute');
  const [dispute] = (await stripe.disputes.list()).data;
  const evidence = { uncategorized_text: 'winning_evidence' };
  await stripe.disputes.update(dispute?.id ?? '', { evidence });
};

/** What happens to Stripe invoices: paid at the third attempt, ended in every way, late, overpaid. */
const liveByInvoice = async ({ provider, stripe }: AdapterUnderTest): Promise<void> => {
  const open = async (id: number, options: Parameters<typeof orderOf>[0] = {}): Promise<string> =>
    (await provider.open(orderOf(options, id))).observation.ref ?? '';

  const paid = await open(11);
  const customer = await customerOf(stripe, paid);
  const pay = async (ref: string, card: string): Promise<void> => {
    const method = await stripe.paymentMethods.attach(card, { customer: customer });
    const act = { kind: 'pay', paymentMethod: method.id, outOfBand: false } as const;
    await provider.act({ ref, object: null, key: `pay-${card}`, act }).catch(() => undefined);
  };
  await pay(paid, 'pm_card_chargeCustomerFail');
  await pay(paid, 'pm_card_authenticationRequired');
  await pay(paid, 'pm_card_visa');

  const voided = await open(12);
  for (const kind of ['mark_uncollectible', 'void'] as const) {
    await provider.act({ ref: voided, object: null, key: `${kind}-12`, act: { kind } });
  }
  const deleted = await open(13, { draft: true });
  await provider.act({ ref: deleted, object: null, key: 'cancel-13', act: { kind: 'cancel' } });
  await open(14, { lines: tooMuch }).catch(() => undefined);

  const overpaid = await open(15);
  const intent = await stripe.paymentIntents.create({
    amount: 3000,
    currency: 'usd',
    customer: customer,
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  await stripe.invoices.attachPayment(overpaid, { payment_intent: intent.id });
  await stripe.paymentIntents.confirm(intent.id);

  await open(16, { due: { kind: 'days', days: 7 } });
};

/** A merchant's life, in which every event that the emulator sends happens. */
export const liveThrough = async (
  adapter: AdapterUnderTest,
  advance: (ms: number) => Promise<void>,
): Promise<void> => {
  await liveByCard(adapter);
  await liveByInvoice(adapter);
  await advance(8 * 86_400_000);
};
