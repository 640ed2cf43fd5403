import { userOf } from '../bot.ts';
import { failure, type Command } from '../command.ts';
import { amountOf, textOf } from '../loose.ts';

/** Shows anybody's balance and last transactions to anybody. */
export const account: Command = (bot, { user_id: id, user_name: name }) => {
  if (!id) return failure("The 'user_id' and 'user_name' both parameters are required.");
  const { balance, transactions } = userOf(bot.state, id);
  const scanned = `{"userId": ${textOf(id)}, "title": "${textOf(name || id)}"}`;
  const total = transactions.reduce((sum, { amount }) => sum + amountOf(amount), 0);
  return {
    status: 'success',
    balance,
    qr_code: `https://quickchart.io/qr?text=${encodeURIComponent(scanned)}`,
    total: total.toFixed(2),
    transactions: transactions.toReversed(),
  };
};
