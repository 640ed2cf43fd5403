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
 * message: the same answer to a call on the way there says nothing about the invoice. Nor does a customer that is gone,
 * unless it is the one that was asked for and no other will do.
 */
export const refusable = async <T>(
  call: () => Promise<T>,
  { isCustomerNamed = false }: { isCustomerNamed?: boolean } = {},
): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    const isRefusal =
      error instanceof errors.StripeCardError || error instanceof errors.StripeInvalidRequestError;
    if (!isRefusal || (isCustomerGone(error) && !isCustomerNamed)) throw error;
    const { statusCode = 400, code = null, param = null } = error;
    throw new DomainError('provider_refused', error.message, {
      refusal: { status: statusCode, code, param },
      cause: error,
    });
  }
};

export const isRefused = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'provider_refused';

/**
 * What a failed call of the port means. Something may have happened if one of its POSTs is `unclear`, or if Stripe
 * knows the idempotency key from a request of which we know nothing.
 * https://docs.stripe.com/error-handling
 */
export const asPortError = (cause: unknown, unclear: boolean): unknown => {
  const isOurs =
    cause instanceof errors.StripeError ||
    cause instanceof DeadlineError ||
    cause instanceof GoneError;
  if (!isOurs) return cause;
  return unclear || cause instanceof errors.StripeIdempotencyError
    ? new DomainError('outcome_unknown', 'Stripe gave no clear answer', { cause })
    : new DomainError('unavailable', whyUnavailable(cause) ?? 'Stripe does not serve us now', {
        cause,
      });
};

/** In our words: Stripe's own show a part of the key. */
const whyNotServed = new Map([
  [401, 'Stripe does not accept the key of this hub (401)'],
  [403, "The hub's key may not do this at Stripe (403)"],
  [429, 'Stripe has asked us to wait (429)'],
]);

const whyUnavailable = (error: unknown): string | undefined => {
  if (!(error instanceof errors.StripeError)) return undefined;
  return error.detail instanceof NotSentError
    ? error.detail.message
    : whyNotServed.get(error.statusCode ?? 0);
};

/** A request that we did not send, for a reason that callers may know. */
export class NotSentError extends Error {
  override name = 'NotSentError';
}

/** A request that we did not send because Stripe has asked to wait. */
export class HeldError extends NotSentError {
  override name = 'HeldError';
  /** How long it still is to wait, in ms. */
  readonly leftMs: number;

  constructor(leftMs: number) {
    super(`Stripe has asked us to wait for another ${Math.ceil(leftMs / 1_000)} s`);
    this.leftMs = leftMs;
  }
}

/** One call of the port took longer than it may. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
}

/** What was made under an idempotency key has been deleted since. */
export class GoneError extends Error {
  override name = 'GoneError';
}

/**
 * The key is used up: a 5xx was kept under it, which repeating can only replay; what it made is gone; or a request with
 * other parameters was made with it, as when the user's customer has been another one since.
 * https://docs.stripe.com/api/idempotent_requests
 */
export const isKeySpent = (error: unknown): boolean =>
  error instanceof GoneError ||
  error instanceof errors.StripeIdempotencyError ||
  (error instanceof errors.StripeError &&
    (error.statusCode ?? 0) >= 500 &&
    error.headers?.['idempotent-replayed'] === 'true');
