import type { Stripe } from 'stripe';
import { createCircuit } from './circuit.ts';
import { createEndpointHolds } from './endpoint-holds.ts';
import { createEndpointSlots } from './endpoint-slots.ts';
import { NotSentError } from './errors.ts';
import { noted } from './noted.ts';
import type { PortCall } from './port-call.ts';
import { withRetries } from './retries.ts';
import type { Timing } from './timing.ts';

export type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
/** Host, port, path, method, headers, body, protocol and timeout, as the SDK hands them over. */
export type Request = Parameters<HttpClient['makeRequest']>;
export type Answer = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** A request got no answer. Without the `code` of its cause, or the SDK would repeat it on its own. */
class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

const asSdkError = (cause: unknown): unknown =>
  cause instanceof NotSentError ? cause : new NoAnswerError('No answer from Stripe', { cause });

/**
 * The SDK's HTTP client: all repeating is done here, within the time of the port's call. Each try waits for a slot of
 * its endpoint, is not sent if by then the call is over, Stripe has asked to wait or the circuit is open, and notes what
 * it leaves unclear.
 */
export const createHttpClient = (
  http: HttpClient,
  currentCall: () => PortCall,
  { concurrency, timing }: { concurrency: number; timing: Timing },
): { httpClient: HttpClient; isReachable: () => boolean } => {
  const circuit = createCircuit(timing);
  const slots = createEndpointSlots(concurrency);
  const holds = createEndpointHolds(timing);

  const attempt = (request: Request, call: PortCall): Promise<Answer> =>
    slots.run(request, async () => {
      if (call.over) throw new NotSentError('The call of the port is over');
      return noted(request, call, () =>
        holds.run(request, () => circuit.run(() => http.makeRequest(...request))),
      );
    });
  const send = withRetries(attempt, timing);

  const makeRequest: HttpClient['makeRequest'] = async (...request) => {
    try {
      return await send(request, currentCall());
    } catch (error) {
      throw asSdkError(error);
    }
  };
  return {
    httpClient: { getClientName: () => http.getClientName(), makeRequest },
    isReachable: circuit.isReachable,
  };
};
