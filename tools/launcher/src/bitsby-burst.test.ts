import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inOrder, madeBySides } from './bitsby-books-under-test.ts';
import { atBitsby, form, orderOf } from './bitsby-under-test.ts';
import { sandboxApiKey } from './bitsby-settings.ts';
import { advance, control } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest, openHub } from './hub-under-test.ts';

const isDeep = process.env['QUITTANCE_DEEP'] === '1';

const nextTry = 5000;

const probabilities = {
  rate_limit: 0.2,
  server_error: 0.05,
  server_error_after: 0.05,
  drop_before: 0.05,
  drop_after: 0.05,
  hang_after: 0.02,
};

const Paces = z.object({
  keys: z.array(
    z.object({
      apiKey: z.string(),
      accepted: z.int(),
      refused: z.int(),
      smallestGapMs: z.number().nullable(),
    }),
  ),
});

const paceOf = async (hub: HubUnderTest) => {
  const { keys } = Paces.parse(await atBitsby(hub, 'GET', '/pace'));
  const pace = keys.find(({ apiKey }) => apiKey === sandboxApiKey);
  if (!pace) throw new Error('The hub has asked nothing of Bitsby');
  return pace;
};

interface Client {
  number: number;
  /** How long to wait after a 429, in ms. Without, as long as it says. */
  waitMs?: number;
}

/**
 * Has one invoice made, as a client does that knows the API: a 429 was nothing, so it asks again; what may have been
 * made it asks for again only under an Idempotency-Key. Gives every status that it got.
 */
const insistOnOne = async (hub: HubUnderTest, { number, waitMs }: Client): Promise<number[]> => {
  const statuses: number[] = [];
  const hasKey = number % 2 === 0;
  for (;;) {
    const { status, headers } = await form(
      hub,
      '/invoices/create',
      { ...orderOf(hub), serviceData: `{"client":${number}}` },
      hasKey ? { 'idempotency-key': `client-${number}` } : {},
    );
    statuses.push(status);
    if (status !== 429 && (status === 200 || !hasKey)) return statuses;
    await sleep(waitMs ?? Number(headers.get('retry-after') ?? 1) * 1000);
  }
};

/** So many clients at once. Gives the different statuses that they got. */
const burstOf = async (
  hub: HubUnderTest,
  clients: number,
  how: Omit<Client, 'number'> = {},
): Promise<number[]> => {
  const numbers = Array.from({ length: clients }, (_, number) => number);
  const statuses = await Promise.all(numbers.map((number) => insistOnOne(hub, { ...how, number })));
  return [...new Set(statuses.flat())].toSorted((a, b) => a - b);
};

/** Every client has its one invoice at the hub and at Bitsby, and nobody has another. */
const expectOneForEach = async (hub: HubUnderTest, clients: number): Promise<void> => {
  const unopened = async () => {
    await advance(hub, nextTry);
    return (await madeBySides(hub)).atHub.filter(({ ref }) => ref === null);
  };
  await expect.poll(unopened, { timeout: 60_000, interval: 500 }).toEqual([]);
  const { atHub, atBitsby: theirs } = await madeBySides(hub);
  expect(atHub).toEqual(theirs);
  expect(inOrder(atHub.map(({ payload }) => payload))).toEqual(
    inOrder(Array.from({ length: clients }, (_, number) => `{"client":${number}}`)),
  );
};

const burst = 200;
const quick = {
  BITSBY_PACE_MS: '20',
  BITSBY_PATIENCE_MS: '300',
  BITSBY_TIMEOUT_MS: '500',
  BITSBY_DOUBT_MS: '0',
};
const noLimit = { rateLimit: false };

/**
 * With Bitsby's own limit, that is minutes: so a few only, and a pace that bears a busy machine, unless there is time. Then
 * a machine that stalls may bring two together, of which Bitsby refuses one: that one waits for another turn, if there
 * is one in time.
 */
const real = isDeep
  ? { clients: burst, settings: {} }
  : { clients: 6, settings: { BITSBY_PACE_MS: '1300' } };
const faulty = isDeep ? burst : 60;

describe.each(everyLauncher)('many invoices at once, the hub %s', (how) => {
  test(`${burst} go to Bitsby at its pace: who comes too soon is told so, nothing is lost or doubled`, async () => {
    await using hub = await openHub(how, quick);
    await atBitsby(hub, 'PUT', '/settings', noLimit);
    const start = performance.now();
    const statuses = await burstOf(hub, burst, { waitMs: 50 });
    expect(statuses).toEqual(expect.arrayContaining([200, 429]));
    expect(statuses.filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    const { accepted } = await paceOf(hub);
    const tookMs = performance.now() - start;
    expect(accepted).toBeGreaterThanOrEqual(burst);
    expect(tookMs).toBeGreaterThan((accepted - 1) * Number(quick.BITSBY_PACE_MS));
    await expectOneForEach(hub, burst);
  }, 60_000);

  test(`${faulty} are made once each though Bitsby fails at each step`, async () => {
    await using hub = await openHub(how, quick);
    await atBitsby(hub, 'PUT', '/settings', noLimit);
    await control(hub, 'faults', 'PUT', { seed: 6, probabilities });
    const statuses = await burstOf(hub, faulty, { waitMs: 50 });
    expect(statuses).toEqual(expect.arrayContaining([200, 429, 504]));
    expect(statuses.filter((status) => ![200, 429, 503, 504].includes(status))).toEqual([]);
    await control(hub, 'faults', 'DELETE');
    await expectOneForEach(hub, faulty);
  }, 120_000);

  test(`${real.clients} with Bitsby's own limit: they keep to it`, async () => {
    await using hub = await openHub(how, real.settings);
    const statuses = await burstOf(hub, real.clients);
    expect(statuses.filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    const { smallestGapMs, refused } = await paceOf(hub);
    expect(refused).toBeLessThanOrEqual(real.clients / 100);
    expect(smallestGapMs).toBeGreaterThanOrEqual(1000);
    await expectOneForEach(hub, real.clients);
  }, 600_000);
});

test(`somebody else uses the hub's key: ${real.clients} at once are slower, and all there`, async () => {
  await using hub = await openHub('in one process', real.settings);
  const stranger = { isThere: true };
  const asking = (async () => {
    while (stranger.isThere) {
      await fetch(`${hub.demo.sandboxUrl}/billing/balances`, {
        method: 'POST',
        headers: { authorization: `Token ${sandboxApiKey}` },
      });
      await sleep(2300);
    }
  })();
  await burstOf(hub, real.clients);
  await expectOneForEach(hub, real.clients);
  stranger.isThere = false;
  await asking;
  expect((await paceOf(hub)).refused).toBeGreaterThan(0);
}, 1_200_000);
