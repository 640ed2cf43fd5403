import type { Stripe } from 'stripe';
import type { PortCall } from './port-call.ts';

export type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Send = HttpClient['makeRequest'];
type Answer = Awaited<ReturnType<Send>>;

const notConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;

const neverReached = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && notConnected.test(String(error.code))) ||
    ('syscall' in error && error.syscall === 'connect'));

/** 409 and 5xx leave open what happens under the key; a success is clear once its body is here. */
const saysNothingHappened = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 409;

const onBodyRead = (answer: Answer, then: () => void): Answer => ({
  getStatusCode: () => answer.getStatusCode(),
  getHeaders: () => answer.getHeaders(),
  getRawResponse: () => answer.getRawResponse(),
  toStream: (whenComplete) => answer.toStream(whenComplete),
  toJSON: async (): Promise<unknown> => {
    const body: unknown = await answer.toJSON();
    if (answer.getStatusCode() < 300) then();
    return body;
  },
  dispose: () => answer.dispose?.(),
});

/** Notes in the port's call which of its POSTs are unclear, and sends nothing once the call is over. */
export const watched = (http: HttpClient, currentCall: () => PortCall | undefined): HttpClient => {
  const makeRequest: Send = async (...request) => {
    const [, , path, method, headers] = request;
    const call = currentCall();
    if (call?.over === true) throw new Error('The call of the port is over');
    if (call === undefined || method !== 'POST') return http.makeRequest(...request);

    const { unclear } = call;
    const key = String(headers['Idempotency-Key'] ?? path);
    const wasUnclear = unclear.has(key);
    const nothingHappened = (): void => {
      if (!wasUnclear) unclear.delete(key);
    };
    unclear.add(key);
    try {
      const answer = await http.makeRequest(...request);
      if (saysNothingHappened(answer.getStatusCode())) nothingHappened();
      return onBodyRead(answer, () => unclear.delete(key));
    } catch (error) {
      if (neverReached(error)) nothingHappened();
      throw error;
    }
  };
  return { getClientName: () => http.getClientName(), makeRequest };
};
