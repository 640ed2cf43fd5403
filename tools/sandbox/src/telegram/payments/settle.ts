import { queryTooOld } from '../api/errors.ts';
import { Refusal } from '../people/refusal.ts';
import type { Payment } from '../state.ts';
import type { Work } from '../work.ts';
import { charge, savePayment } from './charge.ts';

const partiesOf = (work: Work, { user, invoice: invoiceId }: Payment) => {
  const person = work.state.people.get(String(user));
  const invoice = work.state.invoices.get(invoiceId);
  if (person === undefined || invoice === undefined)
    throw new Error('A payment has lost its parties');
  return { person, invoice };
};

/**
 * The bot answers a pre-checkout query; `refusal` is what the payer is told instead of being charged.
 * @throws TelegramError when the query is not waiting for this bot's answer any more
 */
export const answerPayment = (
  work: Work,
  bot: string,
  id: string,
  refusal: string | undefined,
): Payment => {
  const payment = work.state.payments.get(id);
  if (payment?.bot !== bot || payment.state !== 'waiting' || payment.expiresAt <= work.nowMs) {
    throw queryTooOld();
  }
  if (refusal !== undefined)
    return savePayment(work, { ...payment, state: 'refused', error: refusal });
  if (payment.hold) return savePayment(work, { ...payment, state: 'held' });
  const { person, invoice } = partiesOf(work, payment);
  return charge(work, payment, person, invoice);
};

/** Ends the wait for an answer that has not come in time. */
export const expirePayment = (work: Work, id: string): void => {
  const payment = work.state.payments.get(id);
  if (payment?.state !== 'waiting') return;
  savePayment(work, { ...payment, state: 'expired', error: 'BOT_PRECHECKOUT_TIMEOUT' });
};

const heldPayment = (work: Work, id: string): Payment => {
  const payment = work.state.payments.get(id);
  if (payment === undefined) throw new Refusal('There is no such payment.', 404);
  if (payment.state !== 'held') throw new Refusal(`The payment is ${payment.state}, not held.`);
  return payment;
};

/** Takes the money of a payment that was held back. */
export const releasePayment = (work: Work, id: string): Payment => {
  const payment = heldPayment(work, id);
  const { person, invoice } = partiesOf(work, payment);
  return charge(work, payment, person, invoice);
};

/** The money of a payment that was held back is never taken. The bot is not told, as at Telegram. */
export const cancelPayment = (work: Work, id: string): Payment =>
  savePayment(work, { ...heldPayment(work, id), state: 'canceled' });
