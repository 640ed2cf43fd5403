import {
  type Fact,
  formatDecimal,
  isCurrency,
  type Money,
  type Observation,
  type OpenInput,
} from '@quittance/contracts';
import type {
  StarTransaction,
  SuccessfulPayment,
  TelegramInvoice,
} from '@quittance/contracts/telegram';
import { isoTime } from './times.ts';

/** The invoice as the bot shows it. What a merchant does not describe has its title twice. */
export const telegramInvoice = (
  { money, description, createdAt }: Pick<OpenInput, 'money' | 'description' | 'createdAt'>,
  { ref, title, username, link }: { ref: string; title: string; username: string; link?: string },
): TelegramInvoice => ({
  invoiceId: ref,
  title,
  description: description ?? title,
  amount: formatDecimal(money),
  currency: money.currency,
  payLink: `https://t.me/${username}?start=${ref}`,
  ...(link !== undefined && { link }),
  createdAt,
});

/** An invoice that the bot takes payments for, as it is from its first moment until somebody pays. */
export const openedObservation = (invoice: TelegramInvoice): Observation => ({
  evidenceId: `telegram:open:${invoice.invoiceId}`,
  ref: invoice.invoiceId,
  occurredAt: invoice.createdAt,
  facts: [{ kind: 'progress', state: 'awaiting', reason: null }],
  providerData: JSON.stringify(invoice),
  raw: null,
});

interface Paid {
  chargeId: string;
  ref: string;
  money: Money;
  /** Unix seconds. */
  at: number;
  payer: number | undefined;
  raw: string;
}

const payerOf = ({ payer }: Paid): string | null => (payer === undefined ? null : String(payer));

const observed = (
  { ref, at, raw }: Pick<Paid, 'ref' | 'at' | 'raw'>,
  evidenceId: string,
  fact: Fact,
): Observation => ({
  evidenceId,
  ref,
  occurredAt: isoTime(at),
  facts: [fact],
  providerData: null,
  raw,
});

/** A payment, under the same id whether Telegram told of it or was asked. */
export const paymentObservation = (paid: Paid): Observation =>
  observed(paid, `telegram:${paid.chargeId}`, {
    kind: 'payment',
    ref: paid.chargeId,
    money: paid.money,
    paidAt: isoTime(paid.at),
    payer: payerOf(paid),
  });

/** Telegram gives money back whole and at once, so a payment has one refund, known by the payment's id. */
export const refundObservation = (back: Omit<Paid, 'payer'>): Observation =>
  observed(back, `telegram:refund:${back.chargeId}`, {
    kind: 'refund',
    ref: `refund:${back.chargeId}`,
    money: back.money,
    state: 'succeeded',
  });

/** Money in a currency that we know; the smallest units are ours where a currency can be collected at all. */
export const moneyOf = ({
  currency,
  total_amount: amount,
}: Pick<SuccessfulPayment, 'currency' | 'total_amount'>): Money | undefined =>
  isCurrency(currency) ? { amount, currency } : undefined;

/** What a message about money says, in the terms of the mapping. */
export const messagePaid = (
  { telegram_payment_charge_id: chargeId, invoice_payload: ref }: SuccessfulPayment,
  rest: Pick<Paid, 'money' | 'at' | 'payer' | 'raw'>,
): Paid => ({ chargeId, ref, ...rest });

/** What a movement of Stars says, in the terms of the mapping. */
export const starsPaid = (transaction: StarTransaction, ref: string): Paid => ({
  chargeId: transaction.id,
  ref,
  money: { amount: transaction.amount, currency: 'XTR' },
  at: transaction.date,
  payer: (transaction.source ?? transaction.receiver)?.user?.id,
  raw: JSON.stringify(transaction),
});
