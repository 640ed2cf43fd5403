import { userOf, type Bot } from '../bot.ts';
import { failure, pinFailure, type Command, type Options, type Rendered } from '../command.ts';
import { amountOf, looselyEqual, textOf } from '../loose.ts';
import { carryOut } from '../payment.ts';
import type { BbpInvoice } from '../state.ts';

interface Order {
  toUser: unknown;
  amount: unknown;
  note: unknown;
  invoice?: BbpInvoice;
}

const isOrder = (found: Order | Rendered): found is Order => 'toUser' in found;

/** What is to be sent to whom: what the invoice says, else what the caller says. */
const orderOf = (bot: Bot, { invoiceId, toUser, amount, note }: Options): Order | Rendered => {
  if (!invoiceId) return { toUser, amount, note: note || 'No note provided.' };
  const invoice = bot.state.invoices.get(textOf(invoiceId));
  if (invoice === undefined) return failure('Invalid invoiceId.');
  if (invoice.status === 'paid') return failure('❌ This invoice has already been paid.');
  const { userId, description } = invoice;
  return { toUser: userId, amount: invoice.amount, note: description, invoice };
};

/** Pays an invoice, as the QR scanner of the mini app does too, or sends points to anybody. */
export const send: Command = async (bot, options) => {
  const { fromUser, pin } = options;
  // Paying an invoice without `fromUser` ends here too: neither side is given, so that they are equal.
  if (looselyEqual(fromUser, options['toUser'])) {
    return failure('❌ You cannot send BBP to yourself.');
  }
  const order = orderOf(bot, options);
  if (!isOrder(order)) return order;
  const { toUser, amount, note, invoice } = order;
  if (!fromUser || !pin) {
    return failure('Missing required parameters: fromUser and pin are required.');
  }
  if (toUser && !amount) {
    return failure('Missing required parameter: amount is required when toUser is provided.');
  }
  const refused = pinFailure(bot, fromUser, pin, {
    unset: '❌ Your pin is not set. Use /setPin <6 digit pin> to set your pin.',
    incorrect: '❌ Incorrect pin. Retrieve it with /myPin command.',
  });
  if (refused !== undefined) return refused;
  const points = amountOf(amount);
  const { balance } = userOf(bot.state, fromUser);
  if (balance < points) {
    return failure(`❌ Insufficient BBP. Your current balance is ${balance} 💎.`);
  }

  const kind = 'online pay';
  await carryOut(
    bot,
    { from: fromUser, to: toUser, points, amount, note, kind },
    {
      settle: () => {
        if (invoice === undefined) return;
        bot.state.invoices.put(invoice.invoiceId, { ...invoice, status: 'paid', paidBy: fromUser });
      },
      webhookBody: (user, direction, date) => ({
        user,
        amount,
        transaction_type: kind,
        direction,
        note,
        date,
      }),
    },
  );
  return {
    status: 'success',
    msg: `✅ Transaction completed successfully! Sent ${textOf(amount)} BBP to user ID: ${textOf(toUser)}.`,
  };
};
