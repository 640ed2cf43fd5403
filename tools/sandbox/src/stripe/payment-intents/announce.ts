import type { Stripe } from 'stripe';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { followIntent } from '../invoices/follow-intent.ts';

type IntentEvent = Extract<Stripe.Event['type'], `payment_intent.${string}`>;

/** Tells of the new status of a PaymentIntent; the invoice that it pays, if any, follows. */
export const announce = (call: Call, type: IntentEvent, intent: Stripe.PaymentIntent): void => {
  emit(call, type, intent);
  followIntent(call, intent);
};
