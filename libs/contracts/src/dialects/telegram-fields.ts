import { z } from 'zod';
import { StorableText } from '../domain/text.ts';

/**
 * What Telegram shows of an invoice, and how much of it it takes:
 * https://core.telegram.org/bots/api#sendinvoice. It shows no text that is blank.
 */
const shownText = (max: number) => {
  const error = `must be a string of 1 to ${max} characters, not all of them blank`;
  return z.string({ error }).max(max, { error }).regex(/\S/, { error }).pipe(StorableText);
};

export const TelegramTitle = shownText(32);

export const TelegramDescription = shownText(255);

const maxPayloadBytes = 128;
const payloadError = { error: `must be a string of at most ${maxPayloadBytes} bytes of UTF-8` };

/** The merchant's own data, by the limit that Telegram has for it. */
export const TelegramPayload = z
  .string(payloadError)
  .refine((text) => new TextEncoder().encode(text).length <= maxPayloadBytes, payloadError)
  .pipe(StorableText);
