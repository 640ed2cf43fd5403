import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { UpdateParams } from './params.ts';

const daySeconds = 24 * 60 * 60;

/** The end of the year 9999 in unix seconds; what is later is milliseconds, or a slip of the hand. */
const latest = 253_402_300_799;

/** The wording is Stripe's: https://github.com/stripe/stripe-python/issues/925 */
const notInFuture = (param: string) =>
  invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future', { param });

/**
 * When the invoice is due, in unix seconds, like `now`; null where it is charged.
 * @throws StripeError when a due date is missing, given where there is none, or not in the future.
 */
export const dueDateOf = (
  params: Pick<UpdateParams, 'days_until_due' | 'due_date'>,
  invoice: Pick<Stripe.Invoice, 'collection_method' | 'created' | 'due_date'>,
  now: number,
): number | null => {
  const { days_until_due: days, due_date: date } = params;
  if (days !== undefined && date !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: days_until_due, due_date.',
      { param: 'days_until_due' },
    );
  }
  if (invoice.collection_method !== 'send_invoice') {
    if (days === undefined && date === undefined) return null;
    throw invalidRequest(
      "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
    );
  }
  if (days !== undefined && days < 0) {
    throw invalidRequest('Invalid non-negative integer', {
      code: 'parameter_invalid_integer',
      param: 'days_until_due',
    });
  }
  if (date !== undefined && (date <= now || date > latest)) throw notInFuture('due_date');
  const due = days === undefined ? (date ?? invoice.due_date) : invoice.created + days * daySeconds;
  if (due !== null && due > latest) throw notInFuture('days_until_due');
  if (due !== null) return due;
  throw invalidRequest(
    "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
  );
};
