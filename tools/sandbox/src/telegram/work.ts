import type { Payment, TelegramState } from './state.ts';

/** What the work of one transaction goes by. */
export interface Work {
  state: TelegramState;
  /** UTC ms. */
  nowMs: number;
  /** Unix seconds. */
  now: number;
  /** Keys of the updates that it made, to be sent once it is committed. */
  announced: string[];
  /** Keys of the bots that have something to be sent, or another way to get it. */
  woken: Set<string>;
  /** Payments that it has started, which wait for the answers of their bots. */
  started: Payment[];
}

/** Runs work in a transaction of its own, and then sets off what follows from it. */
export type Act = <R>(work: (work: Work) => R) => R;
