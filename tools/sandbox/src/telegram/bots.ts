import { randomInt } from 'node:crypto';
import { unauthorized, TelegramError } from './api/errors.ts';
import { botIdOf, type Address } from './api/token.ts';
import type { Bot } from './state.ts';
import type { Work } from './work.ts';

const firstUpdateIds = { min: 100_000_000, max: 900_000_000 };

/** Updates are numbered from a random number on. */
export const newUpdateId = (): number => randomInt(firstUpdateIds.min, firstUpdateIds.max);

export const botKey = (id: number, test: boolean): string => (test ? `${id}/test` : String(id));

const newBot = (work: Work, id: number, { token, test }: Omit<Address, 'method'>): Bot => ({
  key: botKey(id, test),
  id,
  token,
  revoked: false,
  username: test ? `sandbox_${id}_test_bot` : `sandbox_${id}_bot`,
  firstName: `Sandbox bot ${id}`,
  nextMessageId: 1,
  nextUpdateId: newUpdateId(),
  lastUpdateAt: work.now,
  nextStarTransaction: 0,
  commands: {},
  texts: {},
  menuButtons: {},
});

/**
 * The bot of a token, made when its id is seen for the first time.
 * @throws TelegramError 401 for a token of another form, another token of a known id, and a revoked one
 */
export const botOfToken = (work: Work, address: Omit<Address, 'method'>): Bot => {
  const id = botIdOf(address.token);
  if (id === undefined) throw new TelegramError(401, 'Unauthorized: invalid token specified');
  const known = work.state.bots.get(botKey(id, address.test));
  if (known !== undefined) {
    if (known.token !== address.token || known.revoked) throw unauthorized();
    return known;
  }
  const made = newBot(work, id, address);
  work.state.bots.put(made.key, made);
  return made;
};

/** The bot as it is now: earlier steps of the same work may have changed it. */
export const currentBot = (work: Work, key: string): Bot => {
  const bot = work.state.bots.get(key);
  if (bot === undefined) throw new Error(`There is no bot ${key}`);
  return bot;
};

export const changeBot = (work: Work, key: string, change: Partial<Bot>): Bot => {
  const changed = { ...currentBot(work, key), ...change };
  work.state.bots.put(key, changed);
  return changed;
};

/** By its key, its id or its username, with or without @. */
export const findBot = (work: Work, name: string): Bot | undefined => {
  const byKey = work.state.bots.get(name);
  if (byKey !== undefined) return byKey;
  const wanted = name.replace(/^@/, '').toLowerCase();
  for (const [, bot] of work.state.bots.entries()) {
    if (bot.username.toLowerCase() === wanted) return bot;
  }
  return undefined;
};
