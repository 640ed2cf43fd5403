import type { InvoiceCore, User } from '@quittance/contracts';
import type { DemoCredentials } from './demo-credentials.ts';
import { sandboxSellerId } from './telegram-settings.ts';

/** Whoever wants to see how an invoice is paid in a chat. */
const payer = { telegramId: 700_000_002, name: 'Grace', stars: 100_000, points: 100_000 };

/** Makes somebody who is not there yet: whoever is may have been paid since. */
const ensure = async (url: string, body: object): Promise<void> => {
  if ((await fetch(url, { headers: { accept: 'application/json' } })).ok) return;
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The emulator refused ${url}: ${await answer.text()}`);
};

/**
 * The demo user in Telegram, where they can be called by their id and PIN, and somebody who pays them: at emulated
 * Telegram and at the emulated BBP bot.
 */
export const ensureDemoPeople = async (
  { identities }: InvoiceCore,
  { id: userId, name }: User,
  { sandboxUrl, pin }: { sandboxUrl: string; pin: string },
): Promise<DemoCredentials['telegram']> => {
  const telegramId = sandboxSellerId;
  await identities.linkTelegram({ userId, telegramId, pin });
  const telegram = `${sandboxUrl}/_sandbox/telegram/users`;
  await ensure(`${telegram}/${telegramId}`, { first_name: name, stars: 0 });
  await ensure(`${telegram}/${payer.telegramId}`, { first_name: payer.name, stars: payer.stars });
  const bbp = `${sandboxUrl}/_sandbox/bots-business/users`;
  await ensure(`${bbp}/${telegramId}`, { name, pin, balance: 0, webhook: null });
  await ensure(`${bbp}/${payer.telegramId}`, {
    name: payer.name,
    pin: '123456',
    balance: payer.points,
    webhook: null,
  });
  return { botId: '1914078', userId: telegramId, pin };
};
