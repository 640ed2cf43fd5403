import { Agent, type Dispatcher, request } from 'undici';
import { type CallRules, guardedLookup, RefusedCallError, refusalOf } from './call-guard.ts';
import { readAtMost } from './read-at-most.ts';
import { createResolver, resolveLocally, type ResolveName } from './resolve-name.ts';

/** How long a try may take from the first packet to the last, in ms of real time. */
const defaultTimeoutMs = 15_000;

/** How much of an answer's body is kept, in bytes. */
const keptBytes = 4096;

/** How long an idle connection is kept, in ms: less than servers usually do, so that it is seldom closed under us. */
const keepAliveMs = 4000;

export interface Posted {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What came back, as far as it came. */
export interface PostAnswer {
  httpStatus: number | null;
  headers: Dispatcher.ResponseData['headers'];
  body: string | null;
  /** What went wrong; undefined for a whole answer, of whatever status. */
  failure?: unknown;
}

/** Calls merchants' servers, which may do anything. */
export interface Sender {
  /** How long a try may take, in ms of real time. */
  timeoutMs: number;
  /** Never follows a redirect. @throws SenderClosedError, and nothing else */
  post: (posted: Posted) => Promise<PostAnswer>;
  /** Cuts off what is under way, of which then nobody knows what came of it. */
  close: () => Promise<void>;
}

export interface SenderDeps extends CallRules {
  timeoutMs?: number;
  resolve?: ResolveName;
}

/** There was no whole answer in time. */
export class TimedOutError extends Error {
  override name = 'TimedOutError';
}

/** It was cut off, or never begun. */
export class SenderClosedError extends Error {
  override name = 'SenderClosedError';
}

export const createSender = (deps: SenderDeps): Sender => {
  const { sandbox, timeoutMs = defaultTimeoutMs } = deps;
  const { resolve = sandbox ? resolveLocally : createResolver() } = deps;
  const agent = new Agent({
    // With HTTP/2 many requests would share one connection, and its fate.
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: { lookup: guardedLookup(deps, resolve), timeout: timeoutMs },
    // The one limit over everything stands in for these.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const exchange = async (
    { url, headers, body }: Posted,
    signal: AbortSignal,
  ): Promise<PostAnswer> => {
    const refusal = refusalOf(deps, url);
    if (refusal !== undefined) throw new RefusedCallError(`The URL ${refusal}`);
    const options = { dispatcher: agent, method: 'POST', headers, body, signal } as const;
    const response = await request(url, options);
    const { text, failure } = await readAtMost(response.body, keptBytes);
    const whole = { httpStatus: response.statusCode, headers: response.headers, body: text };
    return failure === undefined ? whole : { ...whole, failure };
  };

  return {
    timeoutMs,
    post: async (posted) => {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(new TimedOutError()), timeoutMs);
      const answer = await exchange(posted, limit.signal).catch((failure: unknown): PostAnswer => ({
        httpStatus: null,
        headers: {},
        body: null,
        failure,
      }));
      clearTimeout(timer);
      if (agent.destroyed && answer.failure !== undefined) throw new SenderClosedError();
      return answer;
    },
    close: () => agent.destroy(),
  };
};
