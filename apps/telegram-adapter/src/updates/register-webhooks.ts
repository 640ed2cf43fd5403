import type { Logger } from '@quittance/runtime';
import type { BotsBusiness } from '../bots-business/connection.ts';
import { botsBusinessToken, webhookSecret } from '../derived.ts';
import type { Telegram } from '../telegram-api.ts';
import { allowedUpdates } from './allowed-updates.ts';

/** A path of the gateway, which may itself be behind one. */
const urlAt = (gateway: string, path: string): string => `${gateway.replace(/\/+$/, '')}${path}`;

/** Has Telegram post updates to the gateway. The same at each start and for every replica. */
export const registerTelegramWebhook = async (
  { api }: Telegram,
  { gateway, botToken }: { gateway: string; botToken: string },
): Promise<void> => {
  await api.raw.setWebhook({
    url: urlAt(gateway, '/webhooks/telegram'),
    secret_token: webhookSecret(botToken),
    allowed_updates: allowedUpdates,
  });
};

/** What the bot says of a user who has no webhook. */
const unset = 'Set now';

/**
 * Has the BBP bot post to the gateway when the merchant is paid. A user has one webhook there for everything: one that
 * leads elsewhere is left alone, and invoices are then paid as soon as they are asked about.
 */
export const registerBotsBusinessWebhook = async (
  bbp: BotsBusiness,
  { gateway, botToken, log }: { gateway: string; botToken: string; log: Logger },
): Promise<void> => {
  const { userId } = bbp.merchant;
  const url = urlAt(gateway, `/webhooks/telegram/${botsBusinessToken(botToken, userId)}`);
  const settings = await bbp.run('settings', { userId });
  if (settings.status === 'error') throw new Error('The BBP bot does not show its settings');
  const { webhook } = settings;
  if (webhook === url) return;
  if (typeof webhook === 'string' && webhook !== unset) {
    log.warn('the BBP bot has another webhook for this user, which is left as it is');
    return;
  }
  const updated = await bbp.run('update-settings', { userId, newWebhook: url });
  if (updated.status === 'error') throw new Error('The BBP bot refuses the webhook');
};
