import type { Observation, OpenInput } from '@quittance/contracts';
import { createOnce } from './create-once.ts';
import { GoneError, isCustomerGone, isRefused, refusable } from './errors.ts';
import { draftParams, type InvoiceOptions, linesParams } from './invoice-params.ts';
import {
  asOfNow,
  findInvoice,
  observed,
  retrieveInvoice,
  type SeenInvoice,
  withPayments,
} from './invoices.ts';
import type { StripeDeps } from './payment-intents.ts';

/** What is to be made, and for whom. */
export interface InvoiceOrder {
  input: OpenInput;
  options: InvoiceOptions;
  customer: string;
}

interface Step {
  /** Whether the invoice is as the step would leave it. */
  isDone: (invoice: SeenInvoice) => boolean;
  key: string;
  call: (id: string, options: { idempotencyKey: string }) => Promise<SeenInvoice>;
}

const isFinalized = ({ status }: SeenInvoice): boolean => status !== 'draft';

const hasLines = (invoice: SeenInvoice): boolean =>
  isFinalized(invoice) || invoice.lines.data.length > 0;

const isWhole = (invoice: SeenInvoice, { draft }: InvoiceOptions): boolean =>
  draft ? hasLines(invoice) : isFinalized(invoice);

/** All lines in one call, then what makes it payable: nothing can be charged half-made, and no line doubled. */
const stepsOf = ({ stripe }: StripeDeps, { input, options }: InvoiceOrder, key: string): Step[] => {
  const params = { ...linesParams(input, options), ...withPayments };
  const fill: Step = {
    isDone: hasLines,
    key: `${key}-lines`,
    call: (id, request) => stripe.invoices.addLines(id, params, request),
  };
  const finalize: Step = {
    isDone: isFinalized,
    key: `${key}-finalize`,
    call: (id, request) =>
      stripe.invoices.finalizeInvoice(id, { auto_advance: true, ...withPayments }, request),
  };
  return options.draft ? [fill] : [fill, finalize];
};

/** A customer who was named and is gone has no invoices; that there is no such customer, the call that bills it says. */
const findMade = async (
  deps: StripeDeps,
  { input, options, customer }: InvoiceOrder,
): Promise<SeenInvoice | undefined> => {
  try {
    return await findInvoice(deps, input, customer);
  } catch (error) {
    if (options.customer !== null && isCustomerGone(error)) return undefined;
    throw error;
  }
};

/** Nobody else can be billed for a customer who was named and is gone. */
const asked = <T>({ options }: InvoiceOrder, call: () => Promise<T>): Promise<T> =>
  refusable(call, { isCustomerNamed: options.customer !== null });

const present = (invoice: SeenInvoice | undefined): SeenInvoice => {
  if (invoice) return invoice;
  throw new GoneError('The draft has been deleted');
};

const createDraft = (deps: StripeDeps, order: InvoiceOrder, key: string): Promise<SeenInvoice> => {
  const { input, options, customer } = order;
  const params = { ...draftParams(input, options, customer), ...withPayments };
  return createOnce(key, {
    create: async (request) => {
      const answer = await asked(order, () => deps.stripe.invoices.create(params, request));
      return present(await asOfNow(deps, answer));
    },
    find: () => findMade(deps, order),
  });
};

/** A draft that is never finalized is never charged: if it stays behind, it does no harm. */
const discard = async ({ stripe }: StripeDeps, { id }: SeenInvoice): Promise<void> => {
  await stripe.invoices.del(id).catch(() => undefined);
};

const take = async (
  deps: StripeDeps,
  order: InvoiceOrder,
  { isDone, key, call }: Step,
  invoice: SeenInvoice,
): Promise<SeenInvoice> => {
  if (isDone(invoice)) return invoice;
  const { id } = invoice;
  const find = async () => {
    const now = await retrieveInvoice(deps, id);
    return now && isDone(now) ? now : undefined;
  };
  try {
    return await createOnce(key, {
      create: async (request) =>
        present(await asOfNow(deps, await asked(order, () => call(id, request)))),
      find,
    });
  } catch (error) {
    if (!isRefused(error)) throw error;
    // Refused because it is done already, under a key that Stripe has forgotten since.
    const done = await find();
    if (done) return done;
    await discard(deps, invoice);
    throw error;
  }
};

/**
 * Makes the Stripe invoice, or goes on with it from where an earlier try left it. Where another customer was to pay at
 * first, the keys name the one that does.
 */
export const openStripeInvoice = async (
  deps: StripeDeps,
  order: InvoiceOrder,
  isReplacement: boolean,
): Promise<Observation> => {
  const { input, customer } = order;
  const key = isReplacement ? `${input.key}-for-${customer}` : input.key;
  const steps = stepsOf(deps, order, key);
  const found = input.mayBeOpen || isReplacement ? await findMade(deps, order) : undefined;
  let invoice = found ?? (await createDraft(deps, order, key));
  for (const step of steps) invoice = await take(deps, order, step, invoice);
  return observed(deps, invoice);
};

/** What `openStripeInvoice` made, if all of it is there: what is half-made is not open. */
export const findStripeInvoice = async (
  deps: StripeDeps,
  order: InvoiceOrder,
): Promise<Observation | undefined> => {
  const found = await findMade(deps, order);
  return found && isWhole(found, order.options) ? observed(deps, found) : undefined;
};
