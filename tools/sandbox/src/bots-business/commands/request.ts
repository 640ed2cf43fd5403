import { randomText } from '../../random-text.ts';
import { userOf } from '../bot.ts';
import { failure, pinFailure, type Command } from '../command.ts';
import { looselyEqual } from '../loose.ts';

const required = ['userId', 'requesterId', 'pin', 'amount'];

/** Asks `userId` to send points to `requesterId`, whose PIN it is. */
export const request: Command = (bot, options) => {
  const missing = required.filter((name) => !options[name]);
  if (missing.length > 0) return failure(`Missing required parameters: ${missing.join(', ')}`);
  const { userId, requesterId, pin, amount } = options;
  const note = options['note'] || 'Pay this amount.';
  // The text "false", as a query has it, is not equal to false: only JSON can turn requests off.
  if (looselyEqual(userOf(bot.state, userId).settings.acceptRequest, false)) {
    return failure('❌ The recipient has disabled payment requests.');
  }
  const refused = pinFailure(bot, requesterId, pin, {
    unset:
      'Your PIN is not set.\n\nTo set your PIN, use:\n`/setPin <your 6-digit PIN>`\n\nFor more details, check the documentation.',
    incorrect:
      'Incorrect PIN.\n\nPlease enter the correct PIN. You can retrieve your PIN by sending:\n`/myPin`',
  });
  if (refused !== undefined) return refused;

  const requestId = randomText(8);
  bot.state.requests.put(requestId, {
    requesterId,
    toUserId: userId,
    amount,
    note,
    status: 'pending',
  });
  return {
    status: 'success',
    msg: 'Your payment request has been sent successfully!',
    requestId,
    amount,
    userId,
    note,
  };
};
