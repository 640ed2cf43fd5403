import { endpointOf } from './endpoint.ts';
import { HeldError } from './errors.ts';
import type { Answer, Request } from './http-client.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Timing } from './timing.ts';

export interface EndpointHolds {
  /** @throws HeldError when Stripe has asked to wait, and the request is not sent */
  run: (request: Request, send: () => Promise<Answer>) => Promise<Answer>;
}

/**
 * Sends nothing to an endpoint for as long as a 429 of it has asked for, whichever call that 429 was the answer to.
 * https://docs.stripe.com/rate-limits#handling-limiting-gracefully
 */
export const createEndpointHolds = ({ now }: Pick<Timing, 'now'>): EndpointHolds => {
  const heldUntil = new Map<string, number>();
  return {
    run: async (request, send) => {
      const endpoint = endpointOf(request);
      const until = () => heldUntil.get(endpoint) ?? -Infinity;
      const leftMs = until() - now();
      if (leftMs > 0) throw new HeldError(leftMs);
      const answer = await send();
      const asked = answer.getStatusCode() === 429 ? retryAfterMs(answer.getHeaders()) : undefined;
      if (asked !== undefined) heldUntil.set(endpoint, Math.max(until(), now() + asked));
      return answer;
    },
  };
};
