import { userOf, type Bot } from './bot.ts';

/** What a call brought: text from a query or form, anything from JSON. */
export type Options = Record<string, unknown>;

/** The content that a command renders. The platform sends it with 200, whatever it says. */
export type Rendered = object;

export type Command = (bot: Bot, options: Options) => Rendered | Promise<Rendered>;

export const failure = (msg: string): Rendered => ({ status: 'error', msg });

/** What is wrong with a PIN, if anything. It is compared as text, so that a JSON number is never right. */
export const pinFailure = (
  bot: Bot,
  user: unknown,
  pin: unknown,
  texts: { unset: string; incorrect: string },
): Rendered | undefined => {
  const expected = userOf(bot.state, user).pin;
  if (expected === null) return failure(texts.unset);
  return pin === expected ? undefined : failure(texts.incorrect);
};
