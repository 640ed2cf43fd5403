import { DomainError } from '@quittance/rpc';
import { Stripe } from 'stripe';

const { errors } = Stripe;

/** Stripe's code for a call that never got there: nothing happened. */
const neverReached = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/;

const connectionFailure = (error: Error): DomainError => {
  const detail = 'detail' in error ? error.detail : undefined;
  const code = detail instanceof Error && 'code' in detail ? String(detail.code) : '';
  return neverReached.test(code)
    ? new DomainError('unavailable', 'Stripe cannot be reached', { cause: error })
    : new DomainError('outcome_unknown', 'Stripe gave no answer', { cause: error });
};

/**
 * What a failed call to Stripe means. A refusal is final and carries Stripe's own message. Our key being wrong or
 * Stripe being too busy is not the caller's doing and nothing happened. Anything else may have happened.
 * https://docs.stripe.com/error-handling
 */
export const asPortError = (error: unknown): unknown => {
  if (error instanceof errors.StripeConnectionError) return connectionFailure(error);
  if (
    error instanceof errors.StripeCardError ||
    (error instanceof errors.StripeInvalidRequestError && error.statusCode !== 409)
  ) {
    return new DomainError('provider_refused', error.message, { cause: error });
  }
  if (
    error instanceof errors.StripeAuthenticationError ||
    error instanceof errors.StripePermissionError ||
    error instanceof errors.StripeRateLimitError
  ) {
    return new DomainError('unavailable', 'Stripe does not serve us now', { cause: error });
  }
  if (error instanceof errors.StripeError) {
    return new DomainError('outcome_unknown', 'Stripe failed to answer', { cause: error });
  }
  return error;
};

export const isMissing = (error: unknown, param?: string): boolean =>
  error instanceof errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  (param === undefined || error.param === param);

/**
 * A 5xx that Stripe kept under the idempotency key: the request with that key is over, and repeating it can only
 * replay this answer. https://docs.stripe.com/api/idempotent_requests
 */
export const isReplayedFailure = (error: unknown): boolean =>
  error instanceof errors.StripeError &&
  (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true';
