import { createHmac, timingSafeEqual } from 'node:crypto';

/** What nobody can say without the bot's token, the same at every start and in every replica; one for each purpose. */
const derive = (botToken: string, purpose: string, value = ''): Buffer =>
  createHmac('sha256', botToken).update(`quittance ${purpose}\n${value}`).digest();

/** What Telegram shows us with each webhook: 43 characters, of which up to 256 of `A-Za-z0-9_-` are allowed. */
export const webhookSecret = (botToken: string): string =>
  derive(botToken, 'webhook').toString('base64url');

/**
 * The end of the URL that the BBP bot's webhooks come to. The PIN has no part in it: its few digits could be found by
 * trying URLs.
 */
export const botsBusinessToken = (botToken: string, userId: number): string =>
  derive(botToken, 'bots-business', String(userId)).toString('base64url');

const refLength = 16;
const refCount = 36n ** BigInt(refLength);

/**
 * The ref of the invoice that is opened with `key`: a retry makes the same, and nobody can guess it. 83 bits, so that two
 * of a billion invoices are the same with a chance of one in twenty million.
 */
export const refOf = (botToken: string, key: string): string => {
  const number = BigInt(`0x${derive(botToken, 'invoice', key).toString('hex')}`) % refCount;
  return `invoice-${number.toString(36).toUpperCase().padStart(refLength, '0')}`;
};

/** Whether a ref is one of `refOf`. Those of the BBP bot are half as long. */
export const isBotApiRef = (ref: string): boolean => /^invoice-[A-Z0-9]{16}$/.test(ref);

/** In constant time for secrets of one length. */
export const isSame = (given: string, secret: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
};
