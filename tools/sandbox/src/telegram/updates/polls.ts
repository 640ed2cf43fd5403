import type { Update } from 'grammy/types';
import { integerArg, type Args } from '../api/args.ts';
import { conflict, type TelegramError } from '../api/errors.ts';
import { currentBot } from '../bots.ts';
import type { Cancel, Scheduler } from '../../scheduler.ts';
import type { Act, Work } from '../work.ts';
import { withAllowedUpdates } from './allowed-updates.ts';
import { updateKey } from './enqueue.ts';
import type { PendingUpdates } from './pending.ts';

/** Seconds. Source: tdlib/telegram-bot-api, `LONG_POLL_MAX_TIMEOUT`. */
const longestPoll = 50;

export interface Polls {
  /** getUpdates: answers at once, or as soon as there is something, or when its timeout is over. */
  get: (bot: string, args: Args) => Promise<Update[]>;
  /** There is something new for the bot. */
  wake: (bot: string) => void;
  /** Ends the poll of the bot with a conflict, as setWebhook does. */
  abort: (bot: string, reason: string) => void;
  /** Answers all that wait, and lets nobody wait any more. */
  close: () => void;
}

interface Poll {
  /** Lets it look again what there is. */
  end: () => void;
  fail: (error: TelegramError) => void;
}

const confirm = (work: Work, bot: string, offset: number, ids: readonly number[]): void => {
  const forgotten =
    offset > 0
      ? ids.filter((id) => id < offset)
      : ids.slice(0, offset === 0 ? 0 : Math.max(0, ids.length + offset));
  for (const id of forgotten) work.state.updates.delete(updateKey(bot, id));
};

/** Long polling. Source of the conflicts: tdlib/telegram-bot-api, `process_get_updates_query`. */
export const createPolls = ({
  act,
  pending,
  scheduler,
}: {
  act: Act;
  pending: PendingUpdates;
  scheduler: Scheduler;
}): Polls => {
  const polls = new Map<string, Poll>();
  let closed = false;

  const abort = (bot: string, reason: string): void => polls.get(bot)?.fail(conflict(reason));

  const take = (bot: string, limit: number): Update[] =>
    pending
      .ofBot(bot)
      .slice(0, limit)
      .map(({ update }) => update);

  const waitFor = (bot: string, timeoutS: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let cancel: Cancel = () => undefined;
      const leave = (): void => {
        cancel();
        if (polls.get(bot) === poll) polls.delete(bot);
      };
      const poll: Poll = {
        end: () => {
          leave();
          resolve();
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      polls.set(bot, poll);
      cancel = scheduler.after(timeoutS * 1_000, poll.end);
    });

  return {
    abort,
    get: async (bot, args) => {
      const offset = integerArg(args, 'offset', {
        otherwise: 0,
        min: -(2 ** 31),
        max: 2 ** 31 - 1,
      });
      const limit = integerArg(args, 'limit', { otherwise: 100, min: 1, max: 100 });
      const timeout = integerArg(args, 'timeout', { otherwise: 0, min: 0, max: longestPoll });
      act((work) => {
        const current = currentBot(work, bot);
        if (current.webhook !== undefined) {
          throw conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
          );
        }
        work.state.bots.put(bot, withAllowedUpdates(current, args));
        confirm(
          work,
          bot,
          offset,
          pending.ofBot(bot).map(({ update }) => update.update_id),
        );
      });
      const ready = take(bot, limit);
      if (ready.length > 0 || timeout === 0 || closed) return ready;
      abort(
        bot,
        'terminated by other getUpdates request; make sure that only one bot instance is running',
      );
      await waitFor(bot, timeout);
      return take(bot, limit);
    },
    wake: (bot) => polls.get(bot)?.end(),
    close: () => {
      closed = true;
      for (const poll of polls.values()) poll.end();
    },
  };
};
