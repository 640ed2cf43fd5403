import type { Stripe } from 'stripe';

export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
}

/** An error answer of the API. Thrown by a handler it undoes the handler's changes, unless `keepsChanges`. */
export class StripeError extends Error {
  override name = 'StripeError';
  readonly status: number;
  readonly body: StripeErrorBody;
  readonly keepsChanges: boolean;

  constructor(status: number, body: StripeErrorBody, { keepsChanges = false } = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.keepsChanges = keepsChanges;
  }
}

export const docUrl = (code: string): string =>
  `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;

/** The error as it goes over the wire. */
export const toErrorAnswer = (error: StripeError, requestId: string): { error: object } => ({
  error: {
    ...error.body,
    ...(error.body.code === undefined ? {} : { doc_url: docUrl(error.body.code) }),
    request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
  },
});

export const invalidRequest = (
  message: string,
  details: Omit<StripeErrorBody, 'type' | 'message'> = {},
  status = 400,
): StripeError => new StripeError(status, { type: 'invalid_request_error', message, ...details });

export const resourceMissing = (object: string, id: string, param = 'id'): StripeError =>
  invalidRequest(
    `No such ${object}: '${id}'`,
    { code: 'resource_missing', param },
    param === 'id' || param === 'intent' ? 404 : 400,
  );

export const unexpectedState = (
  message: string,
  intent: Stripe.PaymentIntent,
  param?: string,
): StripeError =>
  invalidRequest(message, {
    code: 'payment_intent_unexpected_state',
    payment_intent: intent,
    ...(param === undefined ? {} : { param }),
  });

export const unrecognizedUrl = (method: string, path: string): StripeError =>
  invalidRequest(
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    {},
    404,
  );

export const serverError = (): StripeError =>
  new StripeError(500, {
    type: 'api_error',
    message:
      'An error occurred while processing your request. Try again in a few seconds, or contact support at https://support.stripe.com/.',
  });

export const rateLimited = (): StripeError =>
  invalidRequest(
    'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
    { code: 'rate_limit' },
    429,
  );
