import { userOf, type Bot } from '../bot.ts';
import { amountOf } from '../loose.ts';
import { carryOut } from '../payment.ts';
import { refusedWith, type Alert } from './alert.ts';

/** The button "Pay Invoice" of the chat, pressed by a Telegram user. No PIN is asked for. */
export const payInvoiceInChat = async (
  bot: Bot,
  invoiceId: string,
  payer: number,
): Promise<Alert> => {
  const invoice = bot.state.invoices.get(invoiceId);
  if (invoice === undefined) return refusedWith('❌ Invalid or expired invoice ID.');
  if (invoice.status === 'paid') return refusedWith('❌ This invoice has already been paid.');
  const points = amountOf(invoice.amount);
  if (userOf(bot.state, payer).balance < points) {
    return refusedWith('❌ Insufficient BBP balance.');
  }

  const kind = 'invoice payment';
  const { description } = invoice;
  await carryOut(
    bot,
    { from: payer, to: invoice.userId, points, amount: points, note: description, kind },
    {
      settle: () =>
        bot.state.invoices.put(invoiceId, { ...invoice, status: 'paid', paidBy: payer }),
      webhookBody: (userId, direction, date) => ({
        userId,
        amount: points,
        type: kind,
        direction,
        date,
        description,
        invoiceId,
      }),
    },
  );
  return { text: '✅ Invoice paid successfully!', done: true };
};
