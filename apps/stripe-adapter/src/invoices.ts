import type { Observation, OpenInput } from '@quittance/contracts';
import type { Stripe } from 'stripe';
import { isMissing } from './errors.ts';
import { hubField, seenInvoice } from './invoice-mapping.ts';
import { lookOf } from './look.ts';
import { clockSkewSeconds, type StripeDeps } from './payment-intents.ts';

export type SeenInvoice = Stripe.Response<Stripe.Invoice>;

/** With the payments, whose PaymentIntents say how the last attempt ended. */
export const withPayments = { expand: ['payments.data.payment.payment_intent'] };

export const retrieveInvoice = async (
  { stripe }: StripeDeps,
  ref: string,
): Promise<SeenInvoice | undefined> => {
  try {
    return await stripe.invoices.retrieve(ref, withPayments);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The answer to a call, which is old if Stripe repeats it for its idempotency key: then what is there now. */
export const asOfNow = async (
  deps: StripeDeps,
  answer: SeenInvoice,
): Promise<SeenInvoice | undefined> =>
  answer.lastResponse.headers['idempotent-replayed'] === 'true'
    ? retrieveInvoice(deps, answer.id)
    : answer;

export const observed = ({ clock }: StripeDeps, invoice: SeenInvoice): Observation =>
  seenInvoice(invoice, lookOf(invoice, clock));

/** The invoice with that id; a draft that was deleted is not shown any more. */
export const seeInvoice = async (
  deps: StripeDeps,
  ref: string,
): Promise<Observation | undefined> => {
  const invoice = await retrieveInvoice(deps, ref);
  return invoice && observed(deps, invoice);
};

const findRef = async (
  deps: StripeDeps,
  input: Pick<OpenInput, 'createdAt' | 'key'>,
  customer: string,
  after?: string,
): Promise<string | undefined> => {
  const { createdAt, key } = input;
  const page = await deps.stripe.invoices.list({
    customer,
    created: { gte: Math.floor(Date.parse(createdAt) / 1000) - clockSkewSeconds },
    limit: 100,
    ...(after !== undefined && { starting_after: after }),
  });
  const invoice = page.data.find(({ metadata }) => metadata?.[hubField] === key);
  if (invoice) return invoice.id;
  const last = page.data.at(-1);
  return page.has_more && last ? findRef(deps, input, customer, last.id) : undefined;
};

/** What `open` made of this invoice, however far it came, from the customer's own list, which never lags. */
export const findInvoice = async (
  deps: StripeDeps,
  input: Pick<OpenInput, 'createdAt' | 'key'>,
  customer: string,
): Promise<SeenInvoice | undefined> => {
  const ref = await findRef(deps, input, customer);
  return ref === undefined ? undefined : retrieveInvoice(deps, ref);
};
