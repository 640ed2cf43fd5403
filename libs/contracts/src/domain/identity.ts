import { z } from 'zod';
import { PublicId } from './invoice.ts';

/** What an API key may do; `admin`, in every account. */
export const Scope = z.enum([
  'invoices:read',
  'invoices:write',
  'webhooks:read',
  'webhooks:write',
  'account:read',
  'account:write',
  'admin',
]);
export type Scope = z.infer<typeof Scope>;

/** On whose behalf a call is made. */
export const Caller = z.object({ accountId: z.int().positive(), userId: z.int().positive() });
export type Caller = z.infer<typeof Caller>;

/** A tenant. */
export const Account = z.object({ id: z.int().positive(), name: z.string().min(1).max(255) });
export type Account = z.infer<typeof Account>;

/** At most 52 significant bits: https://core.telegram.org/bots/api#user */
export const TelegramId = z.int().positive();

/** What a user says with their Telegram id in place of an API key. */
export const Pin = z.string().regex(/^[\x21-\x7e]{4,6}$/, { error: 'must be 4 to 6 characters' });

/** A person in an account on whose behalf invoices are made. */
export const User = z.object({
  id: z.int().positive(),
  publicId: PublicId,
  accountId: z.int().positive(),
  name: z.string().min(1).max(255),
  email: z.email().nullable(),
  /** Who they are in Telegram, if they are. */
  telegramId: TelegramId.nullable(),
});
export type User = z.infer<typeof User>;

/** An API key as it can be shown: never with its secret. */
export const ApiKey = z.object({
  id: z.int().positive(),
  /** The start of the key, to tell keys apart. */
  prefix: z.string(),
  userId: z.int().positive(),
  scopes: z.array(Scope).min(1),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
