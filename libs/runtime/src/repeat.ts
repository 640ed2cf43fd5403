import type { Logger } from './log.ts';

/** Runs `work` again and again, `everyMs` after it last ended. `stop` waits for the round under way. */
export const repeat = (
  work: () => Promise<void>,
  { everyMs, log }: { everyMs: number; log: Logger },
): { stop: () => Promise<void> } => {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  const next = (): void => {
    round = work()
      .catch((error: unknown) => log.error({ err: error }, 'background work failed'))
      .finally(() => {
        if (!stopped) timer = setTimeout(next, everyMs);
      });
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
};
