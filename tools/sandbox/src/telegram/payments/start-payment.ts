import { newQueryId } from '../api/ids.ts';
import { openChat } from '../chats.ts';
import { currentBot } from '../bots.ts';
import { Refusal } from '../people/refusal.ts';
import { personOnWire } from '../people/wire.ts';
import { settingsOf, type Payment, type Person, type StoredInvoice } from '../state.ts';
import { enqueuePreCheckoutQuery } from '../updates/enqueue.ts';
import type { Work } from '../work.ts';
import { orderInfoOf } from './order-info.ts';

/** How long Telegram waits for answerPreCheckoutQuery. Source: Bot API, answerPreCheckoutQuery. */
export const answerWithinMs = 10_000;

/**
 * A person presses Pay: the bot is asked whether it agrees. Nothing is taken before it does.
 * @throws Refusal when the person has not enough Stars; the bot does not hear of it
 */
export const startPayment = (
  work: Work,
  person: Person,
  invoice: StoredInvoice,
  { hold = false, message }: { hold?: boolean; message?: number } = {},
): Payment => {
  const { state, nowMs } = work;
  if (invoice.currency === 'XTR' && person.stars < invoice.total) {
    throw new Refusal(
      `BALANCE_TOO_LOW: ${person.first_name} has ${person.stars} Stars, and ${invoice.total} are needed.`,
    );
  }
  const bot = currentBot(work, invoice.bot);
  openChat(work, bot, person);
  const payment: Payment = {
    id: newQueryId(),
    bot: bot.key,
    user: person.id,
    invoice: invoice.id,
    currency: invoice.currency,
    total: invoice.total,
    payload: invoice.payload,
    state: 'waiting',
    hold: hold || settingsOf(state).hold_payments,
    expiresAt: nowMs + answerWithinMs,
    ...(message !== undefined && { message }),
  };
  state.payments.put(payment.id, payment);
  work.started.push(payment);
  const orderInfo = orderInfoOf(person, invoice);
  enqueuePreCheckoutQuery(work, bot.key, {
    id: payment.id,
    from: personOnWire(person),
    currency: invoice.currency,
    total_amount: invoice.total,
    invoice_payload: invoice.payload,
    ...(orderInfo !== undefined && { order_info: orderInfo }),
  });
  return payment;
};
