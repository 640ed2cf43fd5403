import { AsyncLocalStorage } from 'node:async_hooks';
import { type HttpClient, watched } from './watched-http-client.ts';
import { asPortError, DeadlineError } from './errors.ts';

/** What one call of the port has done at Stripe so far. */
export interface PortCall {
  /** Nothing more may be sent: the answer of the port is out. */
  over: boolean;
  /** Idempotency keys under which something may have happened that we have no answer to. */
  unclear: Set<string>;
}

export interface PortCalls {
  httpClient: HttpClient;
  /** Runs one call of the port: within the time it has, and with its failure as the port promises it. */
  run: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * One port call is several requests, each perhaps tried twice by the SDK. What its failure means depends on all of
 * them, so the HTTP client notes them in the call's own async context.
 */
export const createPortCalls = (http: HttpClient, timeoutMs: number): PortCalls => {
  const current = new AsyncLocalStorage<PortCall>();
  return {
    httpClient: watched(http, () => current.getStore()),
    run: async (work) => {
      const call: PortCall = { over: false, unclear: new Set() };
      const deadline = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => deadline.reject(new DeadlineError(`Stripe took more than ${timeoutMs} ms`)),
        timeoutMs,
      );
      try {
        return await Promise.race([current.run(call, work), deadline.promise]);
      } catch (error) {
        throw asPortError(error, call.unclear.size > 0);
      } finally {
        clearTimeout(timer);
        call.over = true;
      }
    },
  };
};
