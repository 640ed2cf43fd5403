import { changeUser, ScriptError, userOf, webhookUrl, type Bot } from '../bot.ts';
import { failure, pinFailure, type Command, type Options, type Rendered } from '../command.ts';

/** Both commands ask for the PIN in the same words. */
const refusal = (bot: Bot, { userId, pin }: Options): Rendered | undefined =>
  !userId || !pin
    ? failure('❌ userId and pin parameters are required.')
    : pinFailure(bot, userId, pin, {
        unset: '❌ Your pin is not set. Please set your pin using /setPin <6-digit pin>.',
        incorrect: '❌ Incorrect PIN. Use /myPin to retrieve it.',
      });

/** Shows a user's settings, PIN included. */
export const settings: Command = (bot, options) => {
  const refused = refusal(bot, options);
  if (refused !== undefined) return refused;
  const {
    acceptRequest = false,
    webhook = 'Set now',
    transactionAnnounce = false,
  } = userOf(bot.state, options['userId']).settings;
  return { status: 'success', acceptRequest, webhook, transactionAnnounce, pin: options['pin'] };
};

const trimmed = (value: unknown): string => {
  if (typeof value === 'string') return value.trim();
  throw new ScriptError('options.newWebhook.trim is not a function');
};

/** Changes what is given. The one way to set a webhook, and none to take it away. */
export const updateSettings: Command = (bot, options) => {
  const refused = refusal(bot, options);
  if (refused !== undefined) return refused;
  const { userId, acceptRequest, transactionAnnounce, newWebhook } = options;
  const webhook = newWebhook ? trimmed(newWebhook) : undefined;
  if (webhook !== undefined && !webhookUrl.test(webhook)) {
    return failure(
      '❌ Invalid webhook URL. Please use a valid URL starting with http:// or https://.',
    );
  }
  changeUser(bot.state, userId, {
    settings: {
      ...userOf(bot.state, userId).settings,
      ...(acceptRequest !== undefined && { acceptRequest }),
      ...(transactionAnnounce !== undefined && { transactionAnnounce }),
      ...(webhook !== undefined && { webhook }),
    },
  });
  return { status: 'success', msg: '✅ Settings updated successfully.' };
};
