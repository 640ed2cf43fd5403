import { DomainError } from '@quittance/rpc';
import { Stripe } from 'stripe';

const { errors } = Stripe;

export const isMissing = (error: unknown, param?: string): boolean =>
  error instanceof errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  (param === undefined || error.param === param);

export const isCustomerGone = (error: unknown): boolean => isMissing(error, 'customer');

/**
 * Makes the call that the port's caller asked for. Only its answer can be a refusal, final and with Stripe's own
 * message: the same answer to a call on the way there says nothing about the invoice. Nor does a customer that is gone.
 */
export const refusable = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    const isRefusal =
      error instanceof errors.StripeCardError || error instanceof errors.StripeInvalidRequestError;
    if (!isRefusal || isCustomerGone(error)) throw error;
    throw new DomainError('provider_refused', error.message, { cause: error });
  }
};

/**
 * What a failed call of the port means. Something may have happened if one of its POSTs is `unclear`, or if Stripe
 * knows the idempotency key from a request of which we know nothing.
 * https://docs.stripe.com/error-handling
 */
export const asPortError = (cause: unknown, unclear: boolean): unknown => {
  const isOurs = cause instanceof errors.StripeError || cause instanceof DeadlineError;
  if (!isOurs) return cause;
  return unclear || cause instanceof errors.StripeIdempotencyError
    ? new DomainError('outcome_unknown', 'Stripe gave no clear answer', { cause })
    : new DomainError('unavailable', 'Stripe does not serve us now', { cause });
};

/** One call of the port took longer than it may. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
}

/**
 * The key is used up: a 5xx was kept under it, which repeating can only replay; or a request with other parameters
 * was made with it, as when the user's customer has been another one since.
 * https://docs.stripe.com/api/idempotent_requests
 */
export const isKeySpent = (error: unknown): boolean =>
  error instanceof errors.StripeIdempotencyError ||
  (error instanceof errors.StripeError &&
    (error.statusCode ?? 0) >= 500 &&
    error.headers?.['idempotent-replayed'] === 'true');
