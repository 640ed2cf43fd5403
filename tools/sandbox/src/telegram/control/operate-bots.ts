import { botIdOf } from '../api/token.ts';
import { botKey, botOfToken, changeBot, findBot } from '../bots.ts';
import { Refusal } from '../people/refusal.ts';
import type { Bot } from '../state.ts';
import type { Work } from '../work.ts';

/**
 * Makes a bot, or changes it: another token of the same id takes the place of the one before, as when @BotFather gives a new
 * one out.
 */
export const ensureBot = (
  work: Work,
  facts: {
    token: string;
    test: boolean;
    username?: string | undefined;
    first_name?: string | undefined;
  },
): Bot => {
  const id = botIdOf(facts.token);
  if (id === undefined) throw new Refusal('The token is not of the form <id>:<35 characters>.');
  const key = botKey(id, facts.test);
  const known = work.state.bots.get(key);
  if (known !== undefined) changeBot(work, key, { token: facts.token, revoked: false });
  const bot = botOfToken(work, { token: facts.token, test: facts.test });
  const namesake = facts.username === undefined ? undefined : findBot(work, facts.username);
  if (namesake !== undefined && namesake.key !== bot.key) {
    throw new Refusal(`The username ${facts.username} is taken.`);
  }
  return changeBot(work, bot.key, {
    username: facts.username ?? bot.username,
    firstName: facts.first_name ?? bot.firstName,
  });
};

/** From now on the bot's token is not authorized. */
export const revokeBot = (work: Work, bot: Bot): Bot => changeBot(work, bot.key, { revoked: true });
