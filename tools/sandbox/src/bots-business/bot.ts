import type { Store } from '../state/store.ts';
import { textOf } from './loose.ts';
import type { BbpUser, BotsBusinessState } from './state.ts';
import type { Notice } from './webhooks.ts';

/** The one bot that is emulated. */
export const bbpBot = { id: '1914078', name: 'bbp_app_bot' } as const;

/** What one run of a command works with. */
export interface Bot {
  state: BotsBusinessState;
  transaction: Store['transaction'];
  /** UTC milliseconds. */
  now: () => number;
  /** Where a payment is not atomic: undefined when it shall be. */
  pauseBeforeCharge: () => Promise<void> | undefined;
  /** Webhooks to be sent when the command has ended. */
  notices: Notice[];
}

/** The command failed inside the bot, as by an exception: it renders nothing. */
export class ScriptError extends Error {
  override name = 'ScriptError';
}

const nobodyYet: BbpUser = {
  name: null,
  pin: null,
  balance: 0,
  settings: {},
  transactions: [],
};

/** Anybody has a balance, of 0, and no PIN, without ever having talked to the bot. */
export const userOf = (state: BotsBusinessState, id: unknown): BbpUser =>
  state.users.get(textOf(id)) ?? nobodyYet;

export const changeUser = (
  state: BotsBusinessState,
  id: unknown,
  change: Partial<BbpUser>,
): void => {
  state.users.put(textOf(id), { ...userOf(state, id), ...change });
};

export const webhookUrl = /^https?:\/\/.+/i;
