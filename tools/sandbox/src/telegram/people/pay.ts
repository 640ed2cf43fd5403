import { messageKey } from '../messages.ts';
import { startPayment } from '../payments/start-payment.ts';
import type { Bot, Payment, Person } from '../state.ts';
import type { Work } from '../work.ts';
import { invoiceOfLink } from './open-link.ts';
import { Refusal } from './refusal.ts';

/**
 * Presses Pay below an invoice. In the chat of somebody else it is a copy that was forwarded, which has a Pay button only
 * where the invoice has no `start_parameter`; in one's own it shows a receipt once it is paid.
 */
export const payMessage = (
  work: Work,
  person: Person,
  { bot, messageId, hold }: { bot: Bot; messageId: number; hold: boolean },
): Payment => {
  const stored = work.state.messages.get(messageKey(bot.key, messageId));
  const invoice = work.state.invoices.get(stored?.invoice ?? '');
  if (stored === undefined || invoice === undefined) {
    throw new Refusal('There is no such message with an invoice.', 404);
  }
  const own = stored.user === person.id;
  if (own && stored.paidBy !== undefined) {
    throw new Refusal('The invoice is paid: its message shows a receipt.');
  }
  if (!own && invoice.startParameter !== '') {
    throw new Refusal(
      'A forwarded copy of this invoice has no Pay button, since it has a start_parameter.',
    );
  }
  return startPayment(work, person, invoice, { hold, ...(own && { message: messageId }) });
};

/** Pays the invoice of a link, as anybody can. */
export const payLink = (
  work: Work,
  person: Person,
  { link, hold }: { link: string; hold: boolean },
): Payment => startPayment(work, person, invoiceOfLink(work, link), { hold });
