import type { Stripe } from 'stripe';
import type { StripeState } from './state.ts';

/** The API version that the emulator speaks when a client asks for none. */
export const defaultApiVersion = '2026-10-28.endive';

/** What a handler knows about the call that it serves. */
export interface Call {
  state: StripeState;
  /** Unix seconds. */
  now: number;
  /** Null when a person acts on the payment page, as at Stripe. */
  requestId: string | null;
  idempotencyKey: string | null;
  publishable: boolean;
  /** Where the client reached the sandbox; the payment pages are there. */
  origin: string;
  /** Plans the deliveries of a new event and says how many there are. */
  planDeliveries: (event: Stripe.EventBase) => number;
}
