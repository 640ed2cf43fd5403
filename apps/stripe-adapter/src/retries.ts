import { ExponentialBackoff, halfJitterGenerator } from 'cockatiel';
import { HeldError, NotSentError } from './errors.ts';
import type { Answer, Request } from './http-client.ts';
import type { PortCall } from './port-call.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Timing } from './timing.ts';

/** As many as the SDK's own. A 429 is repeated as long as there is time, since nothing happened. */
const maxRetries = 2;

/** From a quarter of a second on, doubling, each less up to a half of it by chance; in ms. */
const backoffs = new ExponentialBackoff({
  generator: halfJitterGenerator,
  initialDelay: 250,
  maxDelay: 4_000,
});

type Send = (request: Request, call: PortCall) => Promise<Answer>;
type Outcome = { answer: Answer } | { error: unknown };

/**
 * Whether the same request, with the same idempotency key, could get another outcome. Stripe's `stripe-should-retry`
 * decides where there is one, but not for a 429, which it leaves to us.
 * https://docs.stripe.com/rate-limits#handling-limiting-gracefully
 */
const isPassing = (outcome: Outcome, retries: number): boolean => {
  if ('error' in outcome) return !(outcome.error instanceof NotSentError) && retries < maxRetries;
  const status = outcome.answer.getStatusCode();
  const headers = outcome.answer.getHeaders();
  if (headers['idempotent-replayed'] === 'true') return false;
  if (status === 429) return true;
  const told = headers['stripe-should-retry'];
  const isWorthIt = told === undefined ? status === 409 || status >= 500 : told === 'true';
  return isWorthIt && retries < maxRetries;
};

/**
 * Repeats what failed in passing, and sends later what Stripe has asked to wait with, unless the wait until then does
 * not fit into what the port's call has left.
 */
export const withRetries = (attempt: Send, { wait }: Pick<Timing, 'wait'>): Send => {
  const send = async (
    request: Request,
    call: PortCall,
    retries = 0,
    backoff = backoffs.next(),
  ): Promise<Answer> => {
    const outcome = await attempt(request, call).then(
      (answer): Outcome => ({ answer }),
      (error: unknown): Outcome => ({ error }),
    );
    if ('error' in outcome && outcome.error instanceof HeldError) {
      const { leftMs } = outcome.error;
      if (leftMs >= call.left()) throw outcome.error;
      await wait(leftMs);
      return send(request, call, retries, backoff);
    }
    const asked = 'answer' in outcome ? retryAfterMs(outcome.answer.getHeaders()) : undefined;
    const pauseMs = Math.max(backoff.duration, asked ?? 0);
    if (isPassing(outcome, retries) && pauseMs < call.left()) {
      await wait(pauseMs);
      return send(request, call, retries + 1, backoff.next(undefined));
    }
    if ('error' in outcome) throw outcome.error;
    return outcome.answer;
  };
  return (request, call) => send(request, call);
};
