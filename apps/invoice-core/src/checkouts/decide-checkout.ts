import type { CheckoutQuestion, CheckoutRefusal, InvoiceStatus, Money } from '@quittance/contracts';

/** An invoice as far as it decides whether it may be paid. */
export interface Payable {
  status: InvoiceStatus;
  /** What of it has not been received. */
  owed: Money;
  /** UTC ms; null for never. */
  expiresAt: number | null;
}

/** The last payment of an invoice that was let through. */
export interface Accepted {
  questionId: string;
  payer: string;
  /** UTC ms. */
  acceptedAt: number;
}

export type Decision = 'accept' | CheckoutRefusal;

/**
 * How long a payment that was let through may be on its way, in ms: until then nobody else's is let through, nor another of
 * the same payer, of whose first the provider may be trying to tell us still.
 */
export const onItsWayMs = 600_000;

/** Neither long before, nor after: the clock may have been set back. */
const isWithin = (ms: number, { acceptedAt }: Accepted, now: number): boolean =>
  Math.abs(now - acceptedAt) < ms;

/** Whether a payment that was let through may still come in. */
export const mayBeOnItsWay = (accepted: Accepted, now: number): boolean =>
  isWithin(onItsWayMs, accepted, now);

const byStatus = {
  draft: 'not_payable',
  creating: 'not_payable',
  pending: null,
  processing: 'being_paid',
  partially_paid: null,
  paid: 'paid',
  expired: 'expired',
  canceled: 'canceled',
  failed: 'not_payable',
  uncollectible: 'not_payable',
  partially_refunded: 'paid',
  refunded: 'paid',
} as const satisfies Record<InvoiceStatus, CheckoutRefusal | null>;

interface Situation {
  /** Null where there is none of ours. */
  invoice: Payable | null;
  accepted: Accepted | null;
  /** UTC ms. */
  now: number;
}

/**
 * Whether to let a payment through. It ends at the second by the clock, whether or not background work has been there; and
 * the question that was accepted last gets the same answer again, whatever has happened since.
 */
export const decideCheckout = (
  { invoice, accepted, now }: Situation,
  { id, money }: Pick<CheckoutQuestion, 'id' | 'money'>,
): Decision => {
  if (!invoice) return 'unknown';
  if (accepted?.questionId === id) return 'accept';
  const { status, owed, expiresAt } = invoice;
  const refusal = byStatus[status];
  if (refusal !== null) return refusal;
  if (expiresAt !== null && expiresAt <= now) return 'expired';
  if (money.amount !== owed.amount || money.currency !== owed.currency) return 'other_amount';
  if (!accepted) return 'accept';
  return mayBeOnItsWay(accepted, now) ? 'being_paid' : 'accept';
};
