import { AsyncLocalStorage } from 'node:async_hooks';

export interface PortCalls {
  /** Ends when the call of the port that the code runs in has used up its time; never outside of one. */
  deadline: () => AbortSignal | undefined;
  /** Runs one call of the port, with all its requests, within the time it has. */
  run: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Each request of a call is cut off when the call's time is over, whichever request that is. */
export const createPortCalls = (timeoutMs: number): PortCalls => {
  const running = new AsyncLocalStorage<AbortSignal>();
  return {
    deadline: () => running.getStore(),
    run: (work) => running.run(AbortSignal.timeout(timeoutMs), work),
  };
};
