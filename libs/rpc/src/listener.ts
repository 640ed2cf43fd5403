import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import { incomingContext, withCallContext } from './call-context.ts';
import { DomainError } from './errors.ts';
import { parseJson } from './json.ts';
import { type Execution, execute, type UnexpectedErrorHandler } from './transport.ts';

const prefix = '/rpc/';
const maxBodyBytes = 4 * 1024 * 1024;

/** What a refused service token is answered with as `www-authenticate`; nothing else is. */
export const serviceTokenChallenge = 'ServiceToken';

export interface ListenerOptions {
  /** The shared secret that every caller in another process must present as a bearer token. */
  serviceToken: string;
  onUnexpectedError: UnexpectedErrorHandler;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

interface Answer extends Execution {
  headers?: Record<string, string>;
}

const failure = (error: DomainError): Answer => ({
  httpStatus: error.httpStatus,
  body: JSON.stringify({
    error: {
      message: error.message,
      code: -32_600,
      data: { code: error.trpcCode, httpStatus: error.httpStatus, reason: error.code },
    },
  }),
});

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new DomainError('payload_too_large', 'The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const parseInput = (text: string | null): unknown => {
  if (text === null || text === '') return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    throw new DomainError('invalid_request', 'The input is not valid JSON', { cause });
  }
};

const abortedWith = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
};

/**
 * Serves a router at `/rpc/<procedure>` in tRPC's own HTTP format, one call a request, and answers 200 at `/healthz`.
 * Queries may come by POST too.
 * Leaner than the stock adapters, which cost several times as much a call.
 */
export const createRpcListener = (
  router: AnyTRPCRouter,
  { serviceToken, onUnexpectedError }: ListenerOptions,
): RequestListener => {
  const expected = digest(`Bearer ${serviceToken}`);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<Answer> => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      const refusal = new DomainError('unauthenticated', 'A valid service token is required');
      return { ...failure(refusal), headers: { 'www-authenticate': serviceTokenChallenge } };
    }
    const url = new URL(request.url ?? '/', 'http://internal');
    const path = decodeURIComponent(url.pathname.slice(prefix.length));
    const isQuery = request.method === 'GET';
    const input = isQuery ? url.searchParams.get('input') : await readBody(request);
    const call = {
      path,
      type: isQuery ? ('query' as const) : ('mutation' as const),
      allowMethodOverride: !isQuery,
      input: parseInput(input),
      signal: abortedWith(response),
    };
    return execute(router, call, onUnexpectedError);
  };

  return (request, response) => {
    if (!request.url?.startsWith(prefix)) {
      response.writeHead(request.url === '/healthz' ? 200 : 404).end();
      return;
    }
    const context = incomingContext({
      requestId: request.headers['x-request-id']?.toString(),
      traceparent: request.headers.traceparent?.toString(),
    });
    void withCallContext(context, () => answer(request, response))
      .catch((error: unknown) => {
        if (error instanceof DomainError) return failure(error);
        onUnexpectedError(error, request.url ?? '');
        return failure(new DomainError('internal', 'Internal error'));
      })
      .then(({ httpStatus, body, headers }) => {
        response.writeHead(httpStatus, {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-request-id': context.requestId,
        });
        response.end(body);
      });
  };
};
