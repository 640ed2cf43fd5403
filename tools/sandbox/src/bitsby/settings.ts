import { z } from 'zod';
import type { BitsbyState } from './state.ts';

/** The body of `PUT /_sandbox/bitsby/settings`. What is left out is as at the start. */
export const Settings = z.strictObject({
  /** Which of the documented answers `invoices/create` gives: with the two amounts in USD, with the wallets, or with both. */
  createAnswer: z
    .enum(['amounts', 'amounts_and_wallets', 'wallets'])
    .default('amounts_and_wallets'),
  /** Which of the documented bodies webhooks have. */
  webhookBody: z.enum(['newest', 'older']).default('newest'),
  /** Whether more than one request a second is refused. */
  rateLimit: z.boolean().default(true),
});

export type Settings = z.infer<typeof Settings>;

const initial = Settings.parse({});
const key = 'current';

export const settingsOf = (state: BitsbyState): Settings => state.settings.get(key) ?? initial;

export const changeSettings = (state: BitsbyState, settings: Settings): void =>
  state.settings.put(key, settings);
