import { userOf, type Bot } from '../bot.ts';
import { amountOf } from '../loose.ts';
import { carryOut } from '../payment.ts';
import { refusedWith, type Alert } from './alert.ts';

/** The button "Send" under a payment request, which works for whoever presses it. */
export const payRequestInChat = async (
  bot: Bot,
  requestId: string,
  payer: number,
): Promise<Alert> => {
  const request = bot.state.requests.get(requestId);
  if (request === undefined) return refusedWith('❌ Invalid or expired request ID.');
  if (request.status === 'paid') return refusedWith('❌ This request has already been paid.');
  const points = amountOf(request.amount);
  if (userOf(bot.state, payer).balance < points) {
    return refusedWith('❌ Insufficient BBP balance.');
  }

  const kind = 'request payment';
  const { requesterId, note } = request;
  await carryOut(
    bot,
    { from: payer, to: requesterId, points, amount: points, note, kind },
    {
      settle: () => bot.state.requests.put(requestId, { ...request, status: 'paid' }),
      webhookBody: (_user, direction, date) => ({
        amount: points,
        type: kind,
        direction,
        date,
        description: note,
        fromUser: payer,
        toUser: requesterId,
      }),
    },
  );
  return { text: `✅ Payment of ${points} BBP sent successfully!`, done: true };
};
