import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { InvoiceCore, OpenInput, PaymentProvider } from '@quittance/contracts';
import { listen } from '@quittance/runtime';
import { openInput } from '@quittance/testing';
import { apiKey } from './adapter-under-test.ts';
import { createApp } from './app.ts';
import { createPace } from './pace-under-test.ts';
import type { Timing } from './timing.ts';

/** Time that the test moves: to the end of the wait that ends first. */
const createManualTiming = () => {
  let time = 0;
  const waiting: { until: number; end: () => void }[] = [];
  const timing: Timing = {
    now: () => time,
    wait: (ms) =>
      new Promise((resolve) => {
        waiting.push({ until: time + ms, end: resolve });
        waiting.sort((a, b) => a.until - b.until);
      }),
  };
  return {
    timing,
    waiting,
    endNext: (): void => {
      const next = waiting.shift();
      if (!next) throw new Error('Nothing waits');
      time = Math.max(time, next.until);
      next.end();
    },
  };
};

export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

export interface PacedUnderTest {
  /** Two replicas of the adapter, which have one core. */
  replicas: readonly [PaymentProvider, PaymentProvider];
  order: (id: number) => OpenInput;
  /** What the next requests are answered, before they get what they ask for. */
  script: string[];
  /** When each request came in, in ms, and to which path. */
  arrivals: { at: number; path: string }[];
  /** What the core was asked for, and for how long each turn was waited. */
  asked: ReturnType<typeof createPace>['asked'];
  waiting: readonly unknown[];
  /** Ends so many waits, one after the other, each when the request before has been answered. */
  endWaits: (count: number) => Promise<void>;
}

const success = (data: unknown): string => JSON.stringify({ result: 'success', data });

const created = () =>
  success({
    id: randomUUID(),
    uid: 'MXNj4m8HhcM4',
    timeToPayDatetime: '2026-01-01 12:00:00',
    url: 'https://dash.bitsby.app/invoices/pay/MXNj4m8HhcM4',
  });

/** The adapter against a scripted Bitsby, in a time of its own. */
export const withPaced = async (
  run: (paced: PacedUnderTest) => Promise<void>,
  { patienceMs = 15_000, pace }: { patienceMs?: number; pace?: InvoiceCore['pace'] } = {},
): Promise<void> => {
  const { timing, waiting, endNext } = createManualTiming();
  const arrivals: PacedUnderTest['arrivals'] = [];
  const script: string[] = [];
  let answered = 0;
  const server = await listen(
    (request, response) => {
      const path = request.url ?? '';
      arrivals.push({ at: timing.now(), path });
      void text(request).then(() => {
        const given = path === '/invoices/create' ? created() : success([]);
        response.end(script.shift() ?? given, () => (answered += 1));
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  const core = createPace(timing);
  const replica = (): PaymentProvider =>
    createApp({
      config: {
        BITSBY_API_KEY: apiKey,
        BITSBY_API_URL: server.url,
        BITSBY_PACE_MS: 1_000,
        BITSBY_PATIENCE_MS: patienceMs,
        BITSBY_TIMEOUT_MS: 5_000,
        BITSBY_DOUBT_MS: 60_000,
      },
      pace: pace ?? core,
      clock: Date.now,
      timing,
    }).provider;
  try {
    await run({
      replicas: [replica(), replica()],
      order: (id) =>
        openInput(
          { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 1 },
          { id, projectRef: randomUUID() },
        ),
      script,
      arrivals,
      asked: core.asked,
      waiting,
      endWaits: async (count) => {
        const isQuiet = (): boolean => answered + waiting.length === core.taken();
        for (let ended = 0; ended < count; ended += 1) {
          await until(() => isQuiet() && waiting.length > 0);
          endNext();
        }
        await until(isQuiet);
      },
    });
  } finally {
    await server.close();
  }
};
