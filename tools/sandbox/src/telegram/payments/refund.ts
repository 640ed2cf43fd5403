import { badRequest } from '../api/errors.ts';
import { writeMessage } from '../messages.ts';
import type { Bot } from '../state.ts';
import { enqueueMessage } from '../updates/enqueue.ts';
import type { Work } from '../work.ts';
import { recordStars } from './charge.ts';

/**
 * Gives the Stars of a payment back, all of them, and tells the bot.
 * @throws TelegramError when it is not a payment in Stars of this person to this bot, or was given back before
 */
export const refundStars = (work: Work, bot: Bot, userId: number, chargeId: string): void => {
  const { state } = work;
  const person = state.people.get(String(userId));
  if (person === undefined) throw badRequest('USER_ID_INVALID');
  const payment = state.payments.get(state.charges.get(chargeId) ?? '');
  if (payment?.bot !== bot.key || payment.user !== userId || payment.currency !== 'XTR') {
    throw badRequest('CHARGE_ID_INVALID');
  }
  if (payment.refundedAt !== undefined) throw badRequest('CHARGE_ALREADY_REFUNDED');
  state.payments.put(payment.id, { ...payment, refundedAt: work.now });
  state.people.put(String(userId), { ...person, stars: person.stars + payment.total });
  recordStars(work, payment, person, 'receiver');
  const message = writeMessage(work, {
    bot: bot.key,
    person,
    by: 'person',
    content: {
      refunded_payment: {
        currency: 'XTR',
        total_amount: payment.total,
        invoice_payload: payment.payload,
        telegram_payment_charge_id: chargeId,
        provider_payment_charge_id: payment.providerChargeId ?? '',
      },
    },
  });
  enqueueMessage(work, bot.key, message);
};
