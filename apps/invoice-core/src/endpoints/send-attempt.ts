import type { Attempt, AttemptResult, WebhookFormat } from '@quittance/contracts';
import { type Clock, systemClock } from '@quittance/runtime';
import { Webhook } from 'standardwebhooks';
import { errors } from 'undici';
import { RefusedCallError } from './call-guard.ts';
import { parseRetryAfter } from './retry-after.ts';
import { type PostAnswer, type Sender, TimedOutError } from './sender.ts';
import { userAgent } from './user-agent.ts';

/** A message for an endpoint, with what only that endpoint is told. */
export interface SignedFor {
  url: string;
  webhookId: string;
  body: string;
  /** Of the endpoint: each has its own idea of what says that a message has arrived. */
  format: WebhookFormat;
  /** Newest first; every one signs. */
  secrets: readonly string[];
  headers: Readonly<Record<string, string>>;
}

export interface SentAttempt extends Omit<Attempt, 'attemptedAt'> {
  /** How long the endpoint asked to be left alone, in ms. */
  retryAfterMs: number | null;
}

/** How much of an answer's headers is kept, in characters. */
const keptCharacters = 4096;

const signedHeaders = ({ webhookId, body, secrets }: SignedFor, now: number) => {
  const at = new Date(now);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(webhookId, at, body));
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': signatures.join(' '),
  };
};

const keptHeaders = (headers: PostAnswer['headers']): Record<string, string> => {
  const kept: Record<string, string> = {};
  let length = 0;
  for (const [name, value] of Object.entries(headers)) {
    const text = [value ?? ''].flat().join(', ');
    length += name.length + text.length;
    if (length > keptCharacters) break;
    kept[name] = text;
  }
  return kept;
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Texts of ours alone: what Node says names addresses, which for a name are nobody's business. */
const reasons: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was cut off',
  EPIPE: 'The connection was cut off',
  UND_ERR_SOCKET: 'The connection was closed before the answer was whole',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'The connection was closed before the answer was whole',
  UND_ERR_HEADERS_OVERFLOW: 'The headers of the answer are too large',
  ENOTFOUND: 'The name does not resolve',
  EAI_AGAIN: 'The name servers cannot be reached',
  ETIMEOUT: 'The name servers do not answer',
  ESERVFAIL: 'The name servers fail',
};

const failureOf = (failure: unknown): { result: AttemptResult; error: string } => {
  const code = codeOf(failure);
  if (failure instanceof RefusedCallError) return { result: 'refused', error: failure.message };
  if (failure instanceof TimedOutError || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return { result: 'timeout', error: 'There was no whole answer in time' };
  }
  if (failure instanceof errors.HTTPParserError) {
    return { result: 'unreachable', error: 'The answer is not HTTP' };
  }
  const error = reasons[code] ?? (code === '' ? 'No answer' : `No answer (${code})`);
  return { result: 'unreachable', error };
};

/** Standard Webhooks takes any 2xx; Bitsby takes "a code different from 200" for undelivered. */
const isSuccess: Record<WebhookFormat, (httpStatus: number) => boolean> = {
  standard: (httpStatus) => httpStatus >= 200 && httpStatus < 300,
  bitsby: (httpStatus) => httpStatus === 200,
};

const outcomeOf = (
  { httpStatus, failure }: PostAnswer,
  format: WebhookFormat,
): { result: AttemptResult; error: string | null } => {
  if (failure !== undefined) return failureOf(failure);
  const hasArrived = httpStatus !== null && isSuccess[format](httpStatus);
  return { result: hasArrived ? 'succeeded' : 'rejected', error: null };
};

/**
 * One HTTP try, signed anew.
 * @throws SenderClosedError, and nothing else
 * @param now real time, which receivers hold the signature's against wherever the sandbox's clock was moved to
 */
export const sendAttempt = async (
  sender: Sender,
  message: SignedFor,
  now: Clock = systemClock,
): Promise<SentAttempt> => {
  const { url, body, format, headers } = message;
  const started = performance.now();
  const answer = await sender.post({
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': userAgent,
      ...signedHeaders(message, now()),
      ...headers,
    },
  });
  const retryAfter = [answer.headers['retry-after']].flat()[0];
  return {
    ...outcomeOf(answer, format),
    durationMs: Math.round(performance.now() - started),
    httpStatus: answer.httpStatus,
    responseHeaders: keptHeaders(answer.headers),
    responseBody: answer.body,
    retryAfterMs: parseRetryAfter(retryAfter, now()),
  };
};
