import type { Logger } from '@quittance/runtime';
import { toDomainError } from '@quittance/rpc';
import { BotApiError } from '../errors.ts';
import type { Timing } from '../timing.ts';

const firstWaitMs = 1_000;
const longestWaitMs = 60_000;

/** How long to wait after so many failures in a row, in ms: doubling, or as long as was asked for. */
export const waitAfter = (failures: number, error: unknown): number => {
  const asked =
    error instanceof BotApiError ? error.retryAfterMs : toDomainError(error).retryAfterMs;
  return Math.max(asked ?? 0, Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs));
};

/** Does something until it is done, or until the signal ends it. Resolves after the first try, whatever came of it. */
export const keepTrying = async (
  what: string,
  work: () => Promise<unknown>,
  { timing, log, signal }: { timing: Timing; log: Logger; signal: AbortSignal },
): Promise<void> => {
  const attempt = async (failures: number): Promise<void> => {
    if (signal.aborted) return;
    try {
      await work();
    } catch (err) {
      log.warn({ err }, `${what} failed; it is tried again`);
      void timing.wait(waitAfter(failures + 1, err), signal).then(() => attempt(failures + 1));
    }
  };
  await attempt(0);
};
