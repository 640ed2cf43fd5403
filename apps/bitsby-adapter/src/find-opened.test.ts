import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { InvoiceCore, OpenInput, PaymentProvider } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { listen } from '@quittance/runtime';
import { openInput } from '@quittance/testing';
import { describe, expect, test } from 'vitest';
import { apiKey, withAdapter } from './adapter-under-test.ts';
import { createApp } from './app.ts';
import { createPace, createTestTiming } from './pace-under-test.ts';
import { toServiceData } from './service-data.ts';

const projectRef = randomUUID();
const options = { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 1 } as const;
const order: OpenInput = {
  ...openInput(options, { id: 1, projectRef }),
  createdAt: '2026-05-10T00:02:00.000Z',
};

const listed = (key: string) => ({
  id: randomUUID(),
  uid: 'MXNj4m8HhcM4',
  timeToPayDatetime: '2026-05-10 01:02:00',
  amountFiat: '20.50',
  currencyFiat: 'USD',
  serviceData: toServiceData({ key, payload: null }),
  status: 'unpaid',
});
const others = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => listed(`test-invoice-${index + 2}`));

interface Listing {
  provider: PaymentProvider;
  /** The fields of each request. */
  asked: Record<string, string>[];
}

/** The adapter against a Bitsby that answers as it is told to. */
const withListing = async (
  run: (listing: Listing) => Promise<void>,
  pageAt: (offset: number, limit: number) => readonly unknown[],
  pace?: InvoiceCore['pace'],
): Promise<void> => {
  const asked: Listing['asked'] = [];
  const server = await listen(
    (request, response) => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      void buffer(request)
        .then((body) => new Response(new Uint8Array(body), { headers }).formData())
        .then((form) => {
          const fields = Object.fromEntries(
            [...form].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
          );
          asked.push(fields);
          const data = pageAt(Number(fields['offset']), Number(fields['limit']));
          response.end(JSON.stringify({ result: 'success', data }));
        });
    },
    { host: '127.0.0.1', port: 0 },
  );
  const timing = createTestTiming();
  const { provider } = createApp({
    config: {
      BITSBY_API_KEY: apiKey,
      BITSBY_API_URL: server.url,
      BITSBY_PACE_MS: 1_000,
      BITSBY_PATIENCE_MS: 15_000,
      BITSBY_TIMEOUT_MS: 10_000,
      BITSBY_DOUBT_MS: 60_000,
    },
    pace: pace ?? createPace(timing),
    clock: Date.now,
    timing,
  });
  try {
    await run({ provider, asked });
  } finally {
    await server.close();
  }
};

const refsOf = async (provider: PaymentProvider): Promise<(string | null)[]> => {
  const { observations } = await provider.find({ by: 'open', open: order });
  return observations.map(({ ref }) => ref);
};

test('the project is looked through from the day on that the invoice was made for', () =>
  withListing(
    async ({ provider, asked }) => {
      expect(await refsOf(provider)).toEqual([]);
      expect(asked).toEqual([
        // Bitsby's clock may be five minutes behind ours.
        { projectId: projectRef, startDate: '2026-05-09', offset: '0', limit: '100' },
      ]);
    },
    () => [],
  ));

test.each([
  [100, [0, 100, 200]],
  [
    10,
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200],
  ],
])('with %i at the most on a page, it goes on after what came back', (most, offsets) => {
  const sought = listed(order.key);
  const all = [...others(207), sought, ...others(40)];
  return withListing(
    async ({ provider, asked }) => {
      expect(await refsOf(provider)).toEqual([sought.id]);
      expect(asked.map(({ offset }) => Number(offset))).toEqual(offsets);
    },
    (offset, limit) => all.slice(offset, offset + Math.min(most, limit)),
  );
});

test('what is not there is known only at the end of the list', () => {
  const all = others(107);
  return withListing(
    async ({ provider, asked }) => {
      expect(await refsOf(provider)).toEqual([]);
      expect(asked.map(({ offset }) => offset)).toEqual(['0', '100', '107']);
    },
    (offset, limit) => all.slice(offset, offset + limit),
  );
});

const madeAt = (time: string, count = 100): object[] =>
  others(count).map((one) => ({ ...one, createDatetime: time }));
const before = '2026-05-09 23:56:59';

describe('the list is left early', () => {
  const offsetsOf = async (pages: readonly object[][]): Promise<number[]> => {
    let offsets: number[] = [];
    await withListing(
      async ({ provider, asked }) => {
        expect(await refsOf(provider)).toEqual([]);
        offsets = asked.map(({ offset }) => Number(offset));
      },
      (offset) => pages[offset / 100] ?? [],
    );
    return offsets;
  };

  test('when two pages on end were newest first, and are from before it was asked for', async () => {
    const newer = madeAt('2026-05-10 08:00:00');
    expect(await offsetsOf([newer, madeAt(before), madeAt(before)])).toEqual([0, 100]);
    expect(await offsetsOf([madeAt(before), madeAt(before), newer])).toEqual([0, 100]);
  });

  test.each<[string, object[][]]>([
    ['that could still be it', [0, 1, 2].map(() => madeAt('2026-05-09 23:57:00'))],
    [
      'oldest first',
      [madeAt('2026-05-09 20:00:00'), madeAt(before), madeAt('2026-05-10 09:00:00')],
    ],
    [
      'mixed on a page',
      [0, 1, 2].map(() => [...madeAt('2026-05-09 20:00:00', 50), ...madeAt(before, 50)]),
    ],
    ['without their times', [0, 1, 2].map(() => others(100))],
    ['with strange ones', [0, 1, 2].map(() => [...madeAt(before, 99), { createDatetime: 'x' }])],
  ])('and not for pages %s', async (_, pages) => {
    expect(await offsetsOf(pages)).toEqual([0, 100, 200, 300]);
  });

  test('one page alone proves no order', async () => {
    expect(await offsetsOf([others(100), madeAt(before), madeAt(before)])).toEqual([0, 100, 200]);
  });
});

test('invoices that are made meanwhile hide none', () => {
  const sought = listed(order.key);
  let all = [...others(98), sought, ...others(60)];
  return withListing(
    async ({ provider }) => {
      expect(await refsOf(provider)).toEqual([sought.id]);
    },
    (offset, limit) => {
      const page = all.slice(offset, offset + Math.min(50, limit));
      all = [...others(20), ...all];
      return page;
    },
  );
});

test('a list without an end is given up, and says nothing', () => {
  const page = others(100);
  return withListing(
    async ({ provider, asked }) => {
      await expect(refsOf(provider)).rejects.toMatchObject({
        code: 'unavailable',
        message: 'There are too many invoices at Bitsby to look through now',
      });
      expect(asked).toHaveLength(30);
    },
    () => page,
  );
});

test('a look ends before whoever asked has given up, however long each turn takes', () => {
  const page = others(100);
  return withListing(
    async ({ provider, asked }) => {
      await expect(refsOf(provider)).rejects.toMatchObject({ code: 'unavailable' });
      expect(asked).toHaveLength(4);
    },
    () => page,
    {
      takeTurn: ({ patienceMs }) =>
        patienceMs < 10_000
          ? Promise.reject(new DomainError('unavailable', 'Too far off'))
          : Promise.resolve({ waitMs: 10_000 }),
    },
  );
});

test('what others have put there need not be readable', () => {
  const sought = listed(order.key);
  const strange = [
    null,
    'x',
    7,
    [],
    {},
    { serviceData: 7 },
    { serviceData: '{' },
    { id: 7, status: '?' },
  ];
  return withListing(
    async ({ provider }) => {
      expect(await refsOf(provider)).toEqual([sought.id]);
    },
    () => [...strange, sought],
  );
});

test('our own that cannot be read is not taken for one that is not there', () =>
  withListing(
    async ({ provider }) => {
      await expect(refsOf(provider)).rejects.toMatchObject({ code: 'unavailable' });
    },
    (offset) => (offset === 0 ? [{ ...listed(order.key), amountFiat: null }] : []),
  ));

test('a key is that of its project, and not one that only begins like it', () =>
  withAdapter(async ({ provider, order: orderFor, control }) => {
    const other = randomUUID();
    await control('PUT', `/bitsby/projects/${other}`, {
      apiKey,
      name: 'Other',
      webhookUrl: null,
      commissionPayer: 'buyer',
    });
    await provider.open({ ...orderFor(1), projectRef: other });
    await provider.open(orderFor(11));
    const found = await provider.find({ by: 'open', open: orderFor(1) });
    expect(found.observations).toEqual([]);
  }));

test('what was made days after it was asked for is found, and what was paid meanwhile is told', () => {
  let now = Date.UTC(2026, 4, 10, 23, 59);
  return withAdapter(
    async ({ provider, order: orderFor, pay }) => {
      const open = { ...orderFor(1), createdAt: new Date(now).toISOString() };
      now += 3 * 86_400_000;
      const ref = (await provider.open(open)).observation.ref ?? '';
      await pay(ref);
      now += 3_600_000;
      const { observations } = await provider.find({ by: 'open', open });
      expect(observations).toMatchObject([
        {
          ref,
          facts: [
            { kind: 'ends' },
            { state: 'settled' },
            { kind: 'payment', money: { amount: 2050 } },
          ],
        },
      ]);
    },
    { clock: () => now },
  );
});
