import type { Stripe } from 'stripe';

/** A customer whose default payment method is this ready-made card. */
export const customerWith = (stripe: Stripe, card = 'pm_card_visa'): Promise<Stripe.Customer> =>
  stripe.customers.create({
    email: 'ada@example.com',
    name: 'Ada',
    payment_method: card,
    invoice_settings: { default_payment_method: card },
  });

/** A draft with one line for each amount, in minor units of US dollars. */
export const draftOf = async (
  stripe: Stripe,
  customer: string,
  amounts: readonly number[] = [2_000],
  params: Stripe.InvoiceCreateParams = {},
): Promise<Stripe.Invoice> => {
  const { id } = await stripe.invoices.create({ customer, currency: 'usd', ...params });
  for (const amount of amounts) {
    await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'usd' });
  }
  return stripe.invoices.retrieve(id);
};

/** A finalized invoice over 20 US dollars. */
export const openInvoice = async (
  stripe: Stripe,
  customer: string,
  params: Stripe.InvoiceCreateParams = {},
): Promise<Stripe.Invoice> => {
  const draft = await draftOf(stripe, customer, [2_000], params);
  return stripe.invoices.finalizeInvoice(draft.id);
};

/** The types of all events so far that begin with one of the prefixes, the oldest first. */
export const eventTypes = async (stripe: Stripe, ...prefixes: string[]): Promise<string[]> => {
  const events = await stripe.events.list({ limit: 100 });
  return events.data
    .map(({ type }) => type)
    .filter((type) => prefixes.some((prefix) => type.startsWith(prefix)))
    .toReversed();
};

/** The PaymentIntent that Stripe made for a finalized invoice. */
export const intentOf = async (stripe: Stripe, invoice: string): Promise<Stripe.PaymentIntent> => {
  const { payments } = await stripe.invoices.retrieve(invoice, {
    expand: ['payments.data.payment.payment_intent'],
  });
  const intent = payments?.data.find(({ is_default: isDefault }) => isDefault)?.payment
    .payment_intent;
  if (typeof intent !== 'object') throw new Error('The invoice has no PaymentIntent');
  return intent;
};
