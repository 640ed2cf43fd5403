import type { Fact } from '@quittance/contracts';
import type { Invoice } from '@quittance/contracts/stripe';

/** When something was said of an invoice, and on which occasion. */
export interface Occasion {
  /** Unix seconds. */
  at: number;
  /** The type of the event that said it, e.g. `invoice.payment_failed`. */
  event?: string;
}

type Progress = Extract<Fact, { kind: 'progress' }>;

export const progress = (state: Progress['state'], reason: string | null = null): Progress => ({
  kind: 'progress',
  state,
  reason,
});

type Intent = Extract<NonNullable<Invoice['payment_intent']>, { id: string }>;

const isShown = (intent: Invoice['payment_intent']): intent is Intent =>
  typeof intent === 'object' && intent !== null;

/** The PaymentIntents that are still to pay it, where Stripe was asked to show them. */
const shownIntents = ({ payments, payment_intent }: Invoice): Intent[] =>
  [
    payment_intent,
    ...(payments?.data ?? [])
      .filter(({ status }) => status === 'open')
      .map(({ payment }) => payment.payment_intent),
  ].filter(isShown);

/** What the newest attempt came to, as far as the PaymentIntent itself tells. */
export const attemptOf = ({
  status,
  last_payment_error: error,
}: Pick<Intent, 'status' | 'last_payment_error'>): Progress | undefined => {
  switch (status ?? '') {
    case 'requires_action':
      return progress('action_required');
    case 'processing':
      return progress('processing');
    case 'requires_payment_method':
      return error ? progress('attempt_failed', error.message ?? 'The payment failed') : undefined;
    default:
      return undefined;
  }
};

const attemptIn = (attempts: readonly Progress[], state: Progress['state']) =>
  attempts.find((attempt) => attempt.state === state);

/** An open invoice that was attempted may have failed or not; without its PaymentIntent nobody can tell. */
const progressWhileOpen = (invoice: Invoice, { at, event }: Occasion): Progress | undefined => {
  const intents = shownIntents(invoice);
  const attempts = intents.flatMap((intent) => attemptOf(intent) ?? []);
  const failed = attemptIn(attempts, 'attempt_failed');
  if (event === 'invoice.payment_failed') return failed ?? progress('attempt_failed');
  if (event === 'invoice.payment_action_required') return progress('action_required');
  if (event === 'invoice.overdue') return progress('overdue');
  const underWay = attemptIn(attempts, 'action_required') ?? attemptIn(attempts, 'processing');
  if (underWay) return underWay;
  if (typeof invoice.due_date === 'number' && invoice.due_date < at) return progress('overdue');
  if (failed) return failed;
  const isUnclear = invoice.attempted === true && intents.length === 0;
  return isUnclear && event !== undefined ? undefined : progress('awaiting');
};

/** A status that Stripe did not have when this was written says nothing. */
export const progressOf = (invoice: Invoice, occasion: Occasion): Progress | undefined => {
  switch (invoice.status ?? '') {
    case 'draft':
      return progress('draft', invoice.last_finalization_error?.message ?? null);
    case 'open':
      return progressWhileOpen(invoice, occasion);
    case 'paid':
      return progress('settled');
    case 'uncollectible':
      return progress('uncollectible');
    case 'void':
      return progress('canceled');
    default:
      return undefined;
  }
};
