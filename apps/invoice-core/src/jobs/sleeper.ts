/** Calls back once, after some ms. @returns the way to call it off */
export type SetTimer = (fire: () => void, ms: number) => () => void;

export const systemTimer: SetTimer = (fire, ms) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};

export interface Sleeper {
  /** Resolves after some ms, or when woken, or at once when woken since the last sleep. */
  sleep: (ms: number) => Promise<void>;
  wake: () => void;
}

export const createSleeper = (setTimer: SetTimer): Sleeper => {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    sleep: async (ms) => {
      if (!woken) {
        const { promise, resolve } = Promise.withResolvers<void>();
        end = resolve;
        const cancel = setTimer(resolve, ms);
        await promise;
        cancel();
        end = undefined;
      }
      woken = false;
    },
    wake: () => {
      woken = true;
      end?.();
    },
  };
};
