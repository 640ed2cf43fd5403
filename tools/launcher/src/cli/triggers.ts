import { CanonicalInvoice, CanonicalRefunded } from '@quittance/contracts/canonical';
import { Stripe } from 'stripe';
import type { HubApi } from './hub-api.ts';

/** Where an event is made to happen. */
export interface Stage {
  api: HubApi;
  stripe: Stripe;
  /** Resolves when the hub has told of an event of this type. */
  told: (invoice: CanonicalInvoice, type: string) => Promise<void>;
}

type Trigger = (stage: Stage) => Promise<CanonicalInvoice>;

const order = { provider: 'stripe', amount: 2050, currency: 'USD', description: 'Triggered' };

const create = ({ api }: Stage, more: object = {}): Promise<CanonicalInvoice> =>
  api.call(CanonicalInvoice, '/v1/invoices', { method: 'POST', body: { ...order, ...more } });

const act = ({ api }: Stage, { id }: CanonicalInvoice, what: string): Promise<CanonicalInvoice> =>
  api.call(CanonicalInvoice, `/v1/invoices/${id}/${what}`, { method: 'POST', body: {} });

/** A card that is declined is no failure of ours. */
const unlessDeclined = async (paying: Promise<unknown>): Promise<void> => {
  await paying.catch((error: unknown) => {
    if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
  });
};

/** The payer's part. */
const payWith = (
  { stripe }: Stage,
  { providerRef }: CanonicalInvoice,
  card: string,
): Promise<void> =>
  unlessDeclined(stripe.paymentIntents.confirm(providerRef ?? '', { payment_method: card }));

const byCard =
  (card: string): Trigger =>
  async (stage) => {
    const invoice = await create(stage);
    await payWith(stage, invoice, card);
    return invoice;
  };

const byActing =
  (what: string, more: object = {}): Trigger =>
  async (stage) => {
    const invoice = await create(stage, more);
    return act(stage, invoice, what);
  };

const paid = async (stage: Stage): Promise<CanonicalInvoice> => {
  const invoice = await byCard('pm_card_visa')(stage);
  await stage.told(invoice, 'invoice.paid');
  return invoice;
};

const refunded: Trigger = async (stage) => {
  const { id } = await paid(stage);
  const path = `/v1/invoices/${id}/refunds`;
  return (await stage.api.call(CanonicalRefunded, path, { method: 'POST', body: {} })).invoice;
};

const disputeClosed: Trigger = async (stage) => {
  const invoice = await byCard('pm_card_createDispute')(stage);
  const { data } = await stage.stripe.disputes.list({
    payment_intent: invoice.providerRef ?? '',
  });
  for (const { id } of data) await stage.stripe.disputes.close(id);
  return invoice;
};

const customerOf = async ({ stripe }: Stage, providerRef: string): Promise<string> => {
  const { customer } = await stripe.invoices.retrieve(providerRef);
  return typeof customer === 'string' ? customer : (customer?.id ?? '');
};

/** The bank of a card that is charged for an invoice of Stripe Billing wants to hear its owner first. */
const actionRequired: Trigger = async (stage) => {
  const invoice = await create(stage, { flow: 'stripe.invoice' });
  const providerRef = invoice.providerRef ?? '';
  const customer = await customerOf(stage, providerRef);
  const card = 'pm_card_threeDSecure2Required';
  const { id } = await stage.stripe.paymentMethods.attach(card, { customer });
  await unlessDeclined(stage.stripe.invoices.pay(providerRef, { payment_method: id }));
  return invoice;
};

/** A second PaymentIntent, over less than is owed, pays towards an invoice of Stripe Billing. */
const partiallyPaid: Trigger = async (stage) => {
  const { stripe } = stage;
  const invoice = await create(stage, { flow: 'stripe.invoice' });
  const providerRef = invoice.providerRef ?? '';
  const customer = await customerOf(stage, providerRef);
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    customer,
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: 'https://example.com/thanks',
  });
  await stripe.invoices.attachPayment(providerRef, { payment_intent: intent.id });
  return invoice;
};

/** How each event is made to happen for real: through the public API, and as the payer at the emulator. */
export const triggers: Readonly<Record<string, Trigger>> = {
  'invoice.created': create,
  'invoice.opened': create,
  'invoice.finalized': byActing('finalize', { flow: 'stripe.invoice', draft: true }),
  'invoice.action_required': actionRequired,
  'invoice.payment_failed': byCard('pm_card_chargeDeclined'),
  'invoice.partially_paid': partiallyPaid,
  'invoice.paid': paid,
  'invoice.expired': (stage) => create(stage, { expiresIn: 1 }),
  'invoice.canceled': byActing('cancel'),
  'invoice.uncollectible': byActing('mark-uncollectible', { flow: 'stripe.invoice' }),
  'invoice.refunded': refunded,
  'invoice.disputed': byCard('pm_card_createDispute'),
  'invoice.dispute_closed': disputeClosed,
};
