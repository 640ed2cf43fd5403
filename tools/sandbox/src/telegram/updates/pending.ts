import type { Clock } from '@quittance/runtime';
import type { PendingUpdate, TelegramState } from '../state.ts';

/** The updates that each bot has not confirmed, in the order of their numbers. */
export interface PendingUpdates {
  add: (key: string) => void;
  /** Those whose lifetime is over are gone. */
  ofBot: (bot: string) => PendingUpdate[];
  keysOf: (bot: string) => string[];
}

/** An index of the collection, which is the truth: what is deleted there is not here either. */
export const createPendingUpdates = (
  { updates }: Pick<TelegramState, 'updates'>,
  clock: Clock,
): PendingUpdates => {
  const byBot = new Map<string, string[]>();

  const add = (key: string): void => {
    const update = updates.get(key);
    if (update === undefined) return;
    const keys = byBot.get(update.bot);
    if (keys === undefined) byBot.set(update.bot, [key]);
    else keys.push(key);
  };
  for (const [key] of updates.entries()) add(key);

  const keysOf = (bot: string): string[] => {
    const now = Math.floor(clock() / 1_000);
    const kept: string[] = [];
    for (const key of byBot.get(bot) ?? []) {
      const update = updates.get(key);
      if (update === undefined) continue;
      if (update.expiresAt < now) updates.delete(key);
      else kept.push(key);
    }
    byBot.set(bot, kept);
    return kept;
  };

  return {
    add,
    keysOf,
    ofBot: (bot) =>
      keysOf(bot).flatMap((key) => {
        const update = updates.get(key);
        return update === undefined ? [] : [update];
      }),
  };
};
