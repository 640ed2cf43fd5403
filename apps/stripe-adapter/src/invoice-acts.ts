import type { ActInput, Observation, ProviderAct } from '@quittance/contracts';
import type { Stripe } from 'stripe';
import { createOnce } from './create-once.ts';
import { GoneError, isMissing, refusable } from './errors.ts';
import { seenDeleted } from './invoice-mapping.ts';
import { asOfNow, observed, retrieveInvoice, type SeenInvoice, withPayments } from './invoices.ts';
import { lookOf } from './look.ts';
import type { StripeDeps } from './payment-intents.ts';

type InvoiceAct = Exclude<ProviderAct, { kind: 'cancel' }>;

const payParams = ({
  outOfBand,
  paymentMethod,
}: Extract<ProviderAct, { kind: 'pay' }>): Stripe.InvoicePayParams => ({
  ...(outOfBand && { paid_out_of_band: true }),
  ...(paymentMethod !== null && { payment_method: paymentMethod }),
});

const callOf = (
  { invoices }: Stripe,
  ref: string,
  act: InvoiceAct,
): ((request: Stripe.RequestOptions) => Promise<SeenInvoice>) => {
  switch (act.kind) {
    case 'finalize':
      return (request) =>
        invoices.finalizeInvoice(ref, { auto_advance: true, ...withPayments }, request);
    case 'pay':
      return (request) => invoices.pay(ref, { ...payParams(act), ...withPayments }, request);
    case 'send':
      return (request) => invoices.sendInvoice(ref, withPayments, request);
    case 'void':
      return (request) => invoices.voidInvoice(ref, withPayments, request);
    case 'mark_uncollectible':
      return (request) => invoices.markUncollectible(ref, withPayments, request);
  }
};

/** How the invoice stands once it is done; whether it was sent, nothing tells. */
const isDone = ({ status }: SeenInvoice, { kind }: InvoiceAct): boolean => {
  switch (kind) {
    case 'finalize':
      return status !== 'draft';
    case 'pay':
      return status === 'paid';
    case 'send':
      return false;
    case 'void':
      return status === 'void';
    case 'mark_uncollectible':
      return status === 'uncollectible';
  }
};

const actOnce = async (
  deps: StripeDeps,
  ref: string,
  key: string,
  act: InvoiceAct,
): Promise<Observation> => {
  const call = callOf(deps.stripe, ref, act);
  const invoice = await createOnce(key, {
    create: async (request) => {
      const now = await asOfNow(deps, await refusable(() => call(request)));
      if (!now) throw new GoneError('The invoice has been deleted');
      return now;
    },
    find: async () => {
      const now = await retrieveInvoice(deps, ref);
      return now && isDone(now, act) ? now : undefined;
    },
  });
  return observed(deps, invoice);
};

const isoNow = ({ clock }: StripeDeps): string => new Date(clock()).toISOString();

/** Deletes what is still a draft; one that is gone already is what was wanted. */
const deleteDraft = (deps: StripeDeps, ref: string): Promise<Observation> =>
  refusable(async () => {
    try {
      const answer = await deps.stripe.invoices.del(ref);
      return seenDeleted(ref, lookOf(answer, deps.clock).at);
    } catch (error) {
      if (isMissing(error)) return seenDeleted(ref, isoNow(deps));
      throw error;
    }
  });

/** Ends it: a draft by deleting it, after which Stripe shows it no more, any other by voiding it. */
const cancel = async (deps: StripeDeps, ref: string, key: string): Promise<Observation> => {
  const invoice = await retrieveInvoice(deps, ref);
  if (!invoice) return seenDeleted(ref, isoNow(deps));
  if (invoice.status === 'draft') return deleteDraft(deps, ref);
  return invoice.status === 'void'
    ? observed(deps, invoice)
    : actOnce(deps, ref, key, { kind: 'void' });
};

export const actOnInvoice = (deps: StripeDeps, { ref, key, act }: ActInput): Promise<Observation> =>
  act.kind === 'cancel' ? cancel(deps, ref, key) : actOnce(deps, ref, key, act);
