import { AsyncLocalStorage } from 'node:async_hooks';
import { asPortError, DeadlineError } from './errors.ts';
import type { Timing } from './timing.ts';

/** What one call of the port has done at Stripe so far. */
export interface PortCall {
  /** Nothing more may be sent: the answer of the port is out. */
  over: boolean;
  /** How long it still has, in ms. */
  left: () => number;
  /** Idempotency keys under which something may have happened that we have no answer to. */
  unclear: Set<string>;
}

export interface PortCalls {
  /** The one that the code runs in; what is outside of any is one of its own. */
  current: () => PortCall;
  /** Runs one call of the port: within the time it has, and with its failure as the port promises it. */
  run: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * One port call is several requests, each perhaps tried several times. What its failure means depends on all of them,
 * so the HTTP client notes them in the call's own async context.
 */
export const createPortCalls = (timeoutMs: number, { now }: Pick<Timing, 'now'>): PortCalls => {
  const running = new AsyncLocalStorage<PortCall>();
  const start = (): PortCall => {
    const deadline = now() + timeoutMs;
    return { over: false, left: () => deadline - now(), unclear: new Set() };
  };
  return {
    current: () => running.getStore() ?? start(),
    run: async (work) => {
      const call = start();
      const deadline = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => deadline.reject(new DeadlineError(`Stripe took more than ${timeoutMs} ms`)),
        timeoutMs,
      );
      try {
        return await Promise.race([running.run(call, work), deadline.promise]);
      } catch (error) {
        throw asPortError(error, call.unclear.size > 0);
      } finally {
        clearTimeout(timer);
        call.over = true;
      }
    },
  };
};
