import type { Stripe } from 'stripe';

/** What Stripe answers besides its resources. `generate.ts` reads these types by their names. */
export interface ErrorAnswer {
  error: Stripe.PaymentIntent.LastPaymentError;
}

export type List = Stripe.ApiList<unknown>;

export type SearchResult = Stripe.ApiSearchResult<unknown>;
