import { newSlug } from '../api/ids.ts';
import { changeBot, currentBot } from '../bots.ts';
import { enqueueMessage } from '../updates/enqueue.ts';
import { messageKey, writeMessage } from '../messages.ts';
import { personOnWire } from '../people/wire.ts';
import type { Payment, Person, StoredInvoice } from '../state.ts';
import type { Work } from '../work.ts';
import { orderInfoOf } from './order-info.ts';

export const savePayment = (work: Work, payment: Payment): Payment => {
  work.state.payments.put(payment.id, payment);
  return payment;
};

/** Writes down what happens to the Stars of a bot. */
export const recordStars = (
  work: Work,
  payment: Payment,
  person: Person,
  direction: 'source' | 'receiver',
): void => {
  const { nextStarTransaction: ordinal } = currentBot(work, payment.bot);
  changeBot(work, payment.bot, { nextStarTransaction: ordinal + 1 });
  const partner = {
    type: 'user' as const,
    transaction_type: 'invoice_payment' as const,
    user: personOnWire(person),
    invoice_payload: payment.payload,
  };
  work.state.starTransactions.put(`${payment.bot}:${ordinal}`, {
    bot: payment.bot,
    transaction: {
      id: payment.telegramChargeId ?? '',
      amount: payment.total,
      date: work.now,
      ...(direction === 'source' ? { source: partner } : { receiver: partner }),
    },
  });
};

const chargeIds = (work: Work, { bot, user, currency }: Payment) => {
  const ordinal = work.state.charges.size + 1;
  return currency === 'XTR'
    ? { telegramChargeId: `stx${newSlug(48)}`, providerChargeId: `${user}_${ordinal}` }
    : {
        telegramChargeId: `${currentBot(work, bot).id}_${user}_${ordinal}_${newSlug(12)}`,
        providerChargeId: `ch_${newSlug(18)}`,
      };
};

const markPaid = (work: Work, { bot, user, message, id }: Payment): void => {
  if (message === undefined) return;
  const key = messageKey(bot, message);
  const stored = work.state.messages.get(key);
  if (stored?.user === user) work.state.messages.put(key, { ...stored, paidBy: id });
};

/** Takes the money of an accepted payment, and tells the bot. */
export const charge = (
  work: Work,
  accepted: Payment,
  person: Person,
  invoice: StoredInvoice,
): Payment => {
  const stars = accepted.currency === 'XTR';
  if (stars && person.stars < accepted.total) {
    return savePayment(work, { ...accepted, state: 'failed', error: 'BALANCE_TOO_LOW' });
  }
  const ids = chargeIds(work, accepted);
  const paid = savePayment(work, { ...accepted, ...ids, state: 'paid', paidAt: work.now });
  work.state.charges.put(ids.telegramChargeId, paid.id);
  if (stars) {
    work.state.people.put(String(person.id), { ...person, stars: person.stars - paid.total });
    recordStars(work, paid, person, 'source');
  }
  markPaid(work, paid);
  const orderInfo = orderInfoOf(person, invoice);
  const message = writeMessage(work, {
    bot: paid.bot,
    person,
    by: 'person',
    content: {
      successful_payment: {
        currency: paid.currency,
        total_amount: paid.total,
        invoice_payload: paid.payload,
        ...(orderInfo !== undefined && { order_info: orderInfo }),
        telegram_payment_charge_id: ids.telegramChargeId,
        provider_payment_charge_id: ids.providerChargeId,
      },
    },
  });
  enqueueMessage(work, paid.bot, message);
  return paid;
};
