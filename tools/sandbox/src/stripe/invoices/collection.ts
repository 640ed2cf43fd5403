import type { Stripe } from 'stripe';

const hour = 3_600;
const day = 24 * hour;

/** How long a draft waits before Stripe finalizes it, and a finalized invoice before it is charged, in seconds. */
export const graceSeconds = hour;

/** Without a successful webhook a draft waits this long, in seconds. Source: Stripe's "Status transitions". */
export const longestWaitSeconds = 72 * hour;

/** Seconds to the next attempt after so many failed ones. Stripe's Smart Retries choose the times by no public rule. */
const retries = [3 * day, 5 * day, 7 * day];

/** When payment is attempted again after a failure, in unix seconds; null when the retries are used up. */
export const nextRetry = (attemptCount: number, now: number): number | null => {
  const delay = retries[attemptCount - 1];
  return delay === undefined ? null : now + delay;
};

/** Whether Stripe attempts the payment by itself. */
export const isCharged = (invoice: Stripe.Invoice): boolean =>
  invoice.auto_advance === true && invoice.collection_method === 'charge_automatically';

/** When Stripe will advance a draft by itself; `finalizesAt` is the merchant's own choice. */
export const draftSchedule = (
  draft: Stripe.Invoice,
  finalizesAt: number | undefined,
): Pick<Stripe.Invoice, 'automatically_finalizes_at' | 'next_payment_attempt'> => {
  if (draft.auto_advance !== true) {
    return { automatically_finalizes_at: null, next_payment_attempt: null };
  }
  const at = finalizesAt ?? draft.automatically_finalizes_at ?? draft.created + graceSeconds;
  return {
    automatically_finalizes_at: at,
    next_payment_attempt: isCharged(draft) ? at : null,
  };
};

/** No more is collected by itself: always so on invoices that are paid, void or uncollectible. */
export const notCollecting = {
  auto_advance: false,
  automatically_finalizes_at: null,
  next_payment_attempt: null,
} satisfies Partial<Stripe.Invoice>;
