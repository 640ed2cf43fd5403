import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '@quittance/runtime';
import { createTestClock } from '@quittance/testing';
import { connect, type Connection } from './connection.ts';

/** What the scripted Stripe does with one request. */
type Step = (response: ServerResponse) => void;

export const answers =
  (status: number, headers: Record<string, string> = {}): Step =>
  (response) => {
    const type = status === 402 ? 'card_error' : 'invalid_request_error';
    response.writeHead(status, headers);
    response.end(JSON.stringify({ error: { type, message: 'No.' } }));
  };
export const succeeds: Step = (response) => {
  response.end(JSON.stringify({ id: 'cus_1', object: 'customer', data: [] }));
};
export const cuts: Step = (response) => void response.destroy();
export const cutsBody: Step = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"id":', () => response.destroy());
};
export const ignores: Step = () => undefined;

interface SeenRequest {
  call: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ConnectionUnderTest extends Connection {
  /** What Stripe does with the next requests; after them it does `finally`. */
  script: (...steps: Step[]) => void;
  finally: (step: Step) => void;
  requests: SeenRequest[];
  /** How long was waited before each retry, in ms; none of it in real time. */
  waits: number[];
  advance: (ms: number) => void;
}

/** A connection to a scripted Stripe that is taken through time by its own waits and by the test. */
export const withConnection = async (
  run: (connection: ConnectionUnderTest) => Promise<void>,
  {
    timeoutMs = 10_000,
    concurrency = 20,
    wait = () => Promise.resolve(),
  }: { timeoutMs?: number; concurrency?: number; wait?: () => Promise<void> } = {},
): Promise<void> => {
  const clock = createTestClock();
  const steps: Step[] = [];
  let last: Step = succeeds;
  const requests: SeenRequest[] = [];
  const waits: number[] = [];
  const server = await listen(
    (request, response) => {
      const { method, url, headers } = request;
      void text(request).then((body) => {
        requests.push({ call: `${method} ${url}`, headers, body });
        response.setHeader('request-id', `req_${requests.length}`);
        (steps.shift() ?? last)(response);
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  const connection = connect(
    {
      STRIPE_API_URL: server.url,
      STRIPE_SECRET_KEY: 'sk_test_connection',
      STRIPE_TIMEOUT_MS: timeoutMs,
      STRIPE_CONCURRENCY: concurrency,
    },
    {
      now: clock.now,
      wait: async (ms) => {
        waits.push(ms);
        await wait();
        clock.advance(ms);
      },
    },
  );
  try {
    await run({
      ...connection,
      script: (...next) => void steps.push(...next),
      finally: (step) => (last = step),
      requests,
      waits,
      advance: (ms) => clock.advance(ms),
    });
  } finally {
    await server.close();
  }
};
