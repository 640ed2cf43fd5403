import { bulkhead, type BulkheadPolicy, isBulkheadRejectedError } from 'cockatiel';
import { endpointOf } from './endpoint.ts';
import { NotSentError } from './errors.ts';
import type { Answer, Request } from './http-client.ts';

/** Who would wait behind more than these could not be served in the 10 s of a call, at 0.4 s a request. */
const waitingPerSlot = 25;

export interface EndpointSlots {
  run: (request: Request, send: () => Promise<Answer>) => Promise<Answer>;
}

/**
 * Lets so many requests at once to each endpoint, the others wait.
 * https://docs.stripe.com/rate-limits
 */
export const createEndpointSlots = (concurrency: number): EndpointSlots => {
  const endpoints = new Map<string, BulkheadPolicy>();
  const slotsOf = (endpoint: string): BulkheadPolicy => {
    const slots = endpoints.get(endpoint) ?? bulkhead(concurrency, concurrency * waitingPerSlot);
    endpoints.set(endpoint, slots);
    return slots;
  };
  return {
    run: async (request, send) => {
      try {
        return await slotsOf(endpointOf(request)).execute(send);
      } catch (error) {
        if (!isBulkheadRejectedError(error)) throw error;
        throw new NotSentError('Too many calls to Stripe are waiting', { cause: error });
      }
    },
  };
};
