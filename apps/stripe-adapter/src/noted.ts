import { NotSentError } from './errors.ts';
import type { Answer, Request } from './http-client.ts';
import type { PortCall } from './port-call.ts';

const notConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;

const neverReached = (error: unknown): boolean =>
  error instanceof NotSentError ||
  (error instanceof Error &&
    (('code' in error && notConnected.test(String(error.code))) ||
      ('syscall' in error && error.syscall === 'connect')));

/** 409 and 5xx leave open what happens under the key; a success is clear once its body is here. */
const saysNothingHappened = (answer: Answer): boolean => {
  const status = answer.getStatusCode();
  return status >= 400 && status < 500 && status !== 409;
};

const isReplayed = (answer: Answer): boolean =>
  answer.getHeaders()['idempotent-replayed'] === 'true';

/** The answer with its body, which frees the connection. A body that is no JSON is left to the SDK to complain of. */
const whole = async (answer: Answer): Promise<Answer> => {
  const body: Promise<unknown> = answer.toJSON();
  await body.catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
  });
  return {
    getStatusCode: () => answer.getStatusCode(),
    getHeaders: () => answer.getHeaders(),
    getRawResponse: () => answer.getRawResponse(),
    toStream: (whenComplete) => answer.toStream(whenComplete),
    toJSON: () => body,
  };
};

/**
 * Sends a request and notes in the port's call whether it left unclear what happened. What an earlier try left so stays
 * so until a success, or the kept answer to that try, shows what happened.
 */
export const noted = async (
  [, , path, method, headers]: Request,
  { unclear }: PortCall,
  send: () => Promise<Answer>,
): Promise<Answer> => {
  if (method === 'GET') return whole(await send());

  const key = String(headers['Idempotency-Key'] ?? `${method} ${path}`);
  const wasUnclear = unclear.has(key);
  unclear.add(key);
  try {
    const answer = await send();
    const isClear = saysNothingHappened(answer) && (!wasUnclear || isReplayed(answer));
    if (isClear) unclear.delete(key);
    const read = await whole(answer);
    if (answer.getStatusCode() < 300) {
      await read.toJSON().then(
        () => unclear.delete(key),
        () => undefined,
      );
    }
    return read;
  } catch (error) {
    if (!wasUnclear && neverReached(error)) unclear.delete(key);
    throw error;
  }
};
