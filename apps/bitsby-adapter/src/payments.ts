import type { CryptoTransfer, Fact, Money } from '@quittance/contracts';
import type { BitsbyPayment, BitsbyWebhook, ListedInvoice } from '@quittance/contracts/bitsby';
import { isSamePayment } from './hint.ts';
import { readMoney } from './money.ts';
import { isoTime } from './times.ts';

/** A payment with what it was worth, where that is known: decimal text in the invoice's currency. */
export interface ValuedPayment {
  payment: BitsbyPayment;
  calcAmountFiat: string | undefined;
}

interface Sources {
  invoice: ListedInvoice;
  /** What is known of them from before, in that order. */
  known: readonly BitsbyPayment[];
  /** Webhooks that tell of one of them each, newest first. */
  hints: readonly BitsbyWebhook[];
}

/** The order in which they became known, then that in which they were made: it stays the same as more come. */
const inOrder = (
  payments: readonly BitsbyPayment[],
  known: readonly BitsbyPayment[],
): BitsbyPayment[] => {
  const rankOf = ({ id }: BitsbyPayment): number => {
    const index = known.findIndex((one) => one.id === id);
    return index === -1 ? known.length : index;
  };
  return payments.toSorted(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      a.transactionDatetime.localeCompare(b.transactionDatetime) ||
      a.id.localeCompare(b.id),
  );
};

/** What Bitsby's API says first, what was found out before next, so that a webhook changes nothing that is known. */
export const valuePayments = (
  payments: readonly BitsbyPayment[],
  { invoice, known, hints }: Sources,
): ValuedPayment[] => {
  const isOnly = payments.length === 1;
  return inOrder(payments, known).map((payment) => {
    const candidates = [
      payment.calcAmountFiat,
      // Said of the invoice, it is of all its payments together.
      isOnly ? (payment.invoice?.calcAmountFiat ?? invoice.calcAmountFiat) : undefined,
      known.find((one) => isSamePayment(one, payment))?.calcAmountFiat,
      ...hints
        .filter((hint) => isSamePayment(hint.payment, payment))
        .map((hint) => hint.invoice.calcAmountFiat),
    ];
    const calcAmountFiat = candidates.find(
      (text) => typeof text === 'string' && readMoney(text, invoice.currencyFiat),
    );
    return { payment, calcAmountFiat: calcAmountFiat ?? undefined };
  });
};

const transferOf = ({ amount, hash, wallet }: BitsbyPayment): CryptoTransfer | undefined => {
  if (typeof hash !== 'string') return undefined;
  return {
    amount,
    cryptocurrency: wallet?.cryptocurrency ?? null,
    blockchain: wallet?.blockchain ?? null,
    hash,
    wallet: wallet ? { id: wallet.id, name: wallet.name, address: wallet.address } : null,
  };
};

/** For how long a webhook may yet tell what a payment was worth, in ms: if need be, Bitsby sends it again after 5 min. */
const untoldMs = 6 * 60_000;

/** Whether what one of them was worth may yet be told. @param now UTC ms */
const isUntold = (valued: readonly ValuedPayment[], now: number): boolean =>
  valued.some(
    ({ payment, calcAmountFiat }) =>
      calcAmountFiat === undefined &&
      now <= Date.parse(isoTime(payment.transactionDatetime)) + untoldMs,
  );

/**
 * What Bitsby's word "paid" says of the money. By that word, not by what the money is worth, is it decided that an invoice
 * is paid: https://docs.bitsby.app/webhook-url. It is worth the whole amount: what no payment is known to account for
 * counts for the first whose worth is not known. That is said only when nobody will tell any more, so that an invoice is
 * worth the same whoever comes first, the webhook or we.
 * @param now UTC ms
 */
export const paidFacts = (
  valued: readonly ValuedPayment[],
  { owed, now }: { owed: Money; now: number },
): Fact[] => {
  const { currency } = owed;
  const processing = (why: string): Fact => ({
    kind: 'progress',
    state: 'processing',
    reason: `Bitsby says that it is paid; ${why}`,
  });
  if (valued.length === 0) return [processing('it does not list the payment yet')];

  const worths = valued.map(({ calcAmountFiat }) =>
    calcAmountFiat === undefined ? undefined : readMoney(calcAmountFiat, currency),
  );
  const known = worths.reduce((sum, worth) => sum + (worth?.amount ?? 0), 0);
  const rest = { amount: Math.max(0, owed.amount - known), currency };
  const none = { amount: 0, currency };
  const firstUnknown = worths.indexOf(undefined);
  const untold = isUntold(valued, now);
  const payments = valued.flatMap(({ payment }, index): Fact[] => {
    const worth = worths[index];
    if (worth === undefined && untold) return [];
    const crypto = transferOf(payment);
    return [
      {
        kind: 'payment',
        ref: payment.id,
        money: worth ?? (index === firstUnknown ? rest : none),
        paidAt: isoTime(payment.transactionDatetime),
        payer: null,
        ...(crypto && { crypto }),
      },
    ];
  });
  const settled: Fact = { kind: 'progress', state: 'settled', reason: null };
  return [untold ? processing('its worth is not known yet') : settled, ...payments];
};
