import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { Stripe } from 'stripe';
import { NotSentError } from './errors.ts';
import type { Answer } from './http-client.ts';
import type { Timing } from './timing.ts';

/** How many requests in a row must find the host dead. */
const maxFailures = 5;
/** How long nothing is sent then; the next request is a trial, alone. */
const pauseMs = 2_000;

/** What a gateway answers when there is nobody behind it. */
const downStatuses = [502, 503, 504];
const isDown = (answer: unknown): boolean =>
  answer instanceof Stripe.HttpClientResponse && downStatuses.includes(answer.getStatusCode());

export interface Circuit {
  run: (send: () => Promise<Answer>) => Promise<Answer>;
  /**
   * False from when the host was found dead until a trial has shown that it lives. Only a request can find that out:
   * whoever held calls back until this is true again would wait forever.
   */
  isReachable: () => boolean;
}

/** Spares a dead host: one that cannot be connected to, cuts or ignores what it is sent, or says that it is down. */
export const createCircuit = ({ now }: Pick<Timing, 'now'>): Circuit => {
  const breaker = circuitBreaker(handleAll.orWhenResult(isDown), {
    breaker: new ConsecutiveBreaker(maxFailures),
    // The pause is kept here: cockatiel would keep it by system time, which may be set back.
    halfOpenAfter: -Infinity,
  });
  let pausedUntil = -Infinity;
  breaker.onBreak(() => {
    pausedUntil = now() + pauseMs;
  });
  const isReachable = (): boolean => breaker.state === CircuitState.Closed;
  const isTrialDue = (): boolean => breaker.state === CircuitState.Open && now() >= pausedUntil;
  return {
    run: async (send) => {
      if (!isReachable() && !isTrialDue()) {
        throw new NotSentError('Stripe cannot be reached; calls to it are paused until it answers');
      }
      return breaker.execute(send);
    },
    isReachable,
  };
};
