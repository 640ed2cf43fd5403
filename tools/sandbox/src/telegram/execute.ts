import type { Args } from './api/args.ts';
import { notFound } from './api/errors.ts';
import { currentBot } from './bots.ts';
import { findMethod } from './methods/index.ts';
import type { Answered } from './methods/method.ts';
import type { Polls } from './updates/polls.ts';
import type { Act } from './work.ts';

/** Runs a method, by its name in lower case, for a bot that is known. */
export type Execute = (bot: string, method: string, args: Args) => Promise<Answered>;

export const createExecute =
  ({ act, polls }: { act: Act; polls: Polls }): Execute =>
  async (bot, name, args) => {
    if (name === 'getupdates') return { result: await polls.get(bot, args) };
    const method = findMethod(name);
    if (method === undefined) throw notFound('method not found');
    return act((work) =>
      method.run({
        work,
        bot: currentBot(work, bot),
        args,
        abortPoll: (reason) => polls.abort(bot, reason),
      }),
    );
  };
