import { type Fact, type Money, type Observation, parseDecimal } from '@quittance/contracts';
import type { BotsBusinessInvoice } from '@quittance/contracts/bots-business';
import { DomainError } from '@quittance/rpc';

/** Whole BB Points; undefined for what is none, since the bot checks no amount. */
const pointsIn = (amount: string | undefined): Money | undefined => {
  try {
    return amount === undefined
      ? undefined
      : { amount: parseDecimal(amount, 'BBP'), currency: 'BBP' };
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
};

/**
 * Of a paid invoice its one payment, known by the invoice's own id. The bot does not say when it came, nor, in the form of
 * its documentation, who paid.
 */
const factsOf = ({ invoiceId, amount, status, paidBy }: BotsBusinessInvoice): Fact[] => {
  if (status !== 'paid') return [{ kind: 'progress', state: 'awaiting', reason: null }];
  const money = pointsIn(amount);
  return money
    ? [{ kind: 'payment', ref: invoiceId, money, paidAt: null, payer: paidBy }]
    : [{ kind: 'progress', state: 'processing', reason: 'Paid; the bot does not say how much' }];
};

/** An invoice as the bot showed it, in one answer or in several together. The same state is the same evidence. */
export const invoiceObservation = (
  invoice: BotsBusinessInvoice,
  { at, raw }: { at: number; raw: object },
): Observation => {
  const { invoiceId, status, paidBy } = invoice;
  return {
    evidenceId: ['bots_business', invoiceId, status, ...(paidBy === null ? [] : [paidBy])].join(
      ':',
    ),
    ref: invoiceId,
    occurredAt: new Date(at).toISOString(),
    facts: factsOf(invoice),
    providerData: JSON.stringify(invoice),
    raw: JSON.stringify(raw),
  };
};
