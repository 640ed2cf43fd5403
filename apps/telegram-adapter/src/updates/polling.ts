import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError, toDomainError } from '@quittance/rpc';
import type { Clock } from '@quittance/runtime';
import type { Update } from 'grammy/types';
import { grammySignal } from '../telegram-api.ts';
import type { Timing } from '../timing.ts';
import { allowedUpdates } from './allowed-updates.ts';
import { waitAfter } from './keep-trying.ts';
import { takeUpdate, type TakeDeps } from './take-update.ts';
import { lanesOf, lifetimeEnd } from './update-lanes.ts';

const longPollSeconds = 30;

export interface PollingDeps extends TakeDeps {
  clock: Clock;
  timing: Timing;
}

/** An update that will never be taken. */
const isHopeless = (error: unknown): boolean =>
  error instanceof DomainError && ['invalid_request', 'unauthenticated'].includes(error.code);

/** Takes an update, again and again if need be, as long as Telegram would send it again. @returns whether it is done with */
const insist = async (deps: PollingDeps, update: Update, signal: AbortSignal): Promise<boolean> => {
  const { clock, log, timing } = deps;
  const end = lifetimeEnd(update, clock());
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await takeUpdate(deps, update);
      return true;
    } catch (err) {
      log.warn({ err, updateId: update.update_id }, 'an update could not be taken');
      if (isHopeless(toDomainError(err)) || clock() > end) return true;
      await timing.wait(waitAfter(failures, err), signal);
    }
  }
  return false;
};

const takeInOrder = async (
  deps: PollingDeps,
  lane: readonly Update[],
  signal: AbortSignal,
): Promise<boolean> => {
  for (const update of lane) {
    if (!(await insist(deps, update, signal))) return false;
  }
  return true;
};

/**
 * Asks Telegram for updates until the signal ends it, in place of a webhook. Updates are confirmed, by asking for those
 * behind them, once all that came together are done with; what is not is sent again after a restart.
 * https://core.telegram.org/bots/api#getupdates
 */
export const poll = async (deps: PollingDeps, signal: AbortSignal): Promise<void> => {
  const { telegram, timing, log } = deps;
  const { raw } = telegram.api;
  const next = { offset: 0, failures: 0, isAlone: false };

  const turn = async (): Promise<void> => {
    if (!next.isAlone) await raw.deleteWebhook({}, grammySignal(signal));
    next.isAlone = true;
    const question = { offset: next.offset, allowed_updates: allowedUpdates };
    const updates = await raw.getUpdates(
      { ...question, timeout: longPollSeconds },
      grammySignal(signal),
    );
    const lanes = lanesOf(updates).map((lane) => takeInOrder(deps, lane, signal));
    const isAllDone = (await Promise.all(lanes)).every(Boolean);
    const last = updates.at(-1);
    if (last && isAllDone) next.offset = last.update_id + 1;
  };

  while (!signal.aborted) {
    try {
      await turn();
      next.failures = 0;
      await nextTurn();
    } catch (err) {
      if (signal.aborted) break;
      next.failures += 1;
      log.warn({ err }, 'asking Telegram for updates failed; it is tried again');
      await timing.wait(waitAfter(next.failures, err), signal);
    }
  }
  if (next.offset === 0) return;
  await raw
    .getUpdates({ offset: next.offset, limit: 1, timeout: 0 })
    .catch((err: unknown) => log.warn({ err }, 'the last updates could not be confirmed'));
};
