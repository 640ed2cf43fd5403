import type { ApiMethods } from 'grammy/types';
import type { Args } from '../api/args.ts';
import type { Bot } from '../state.ts';
import type { Work } from '../work.ts';

/** What a method goes by: one call of one bot, in a transaction of its own. */
export interface MethodCall {
  work: Work;
  bot: Bot;
  args: Args;
  /** Ends the long poll of the bot, when there is one. */
  abortPoll: (reason: string) => void;
}

export interface Answered {
  result: unknown;
  /** Said beside the result, of the methods that have a description. */
  description?: string;
}

export interface Method {
  /** As the Bot API spells it. */
  name: string;
  run: (call: MethodCall) => Answered;
}

type Name = keyof ApiMethods;

/** A method whose result is what the Bot API's types say. */
export const method = <N extends Name>(
  name: N,
  run: (call: MethodCall) => ReturnType<ApiMethods[N]>,
): Method => ({ name, run: (call) => ({ result: run(call) }) });

/** The same for one that says something beside its result. */
export const describedMethod = <N extends Name>(
  name: N,
  run: (call: MethodCall) => { result: ReturnType<ApiMethods[N]>; description: string },
): Method => ({ name, run });
