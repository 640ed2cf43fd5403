import { expect, test } from 'vitest';
import { order, startBitsby } from '../testing/bitsby.ts';
import { eventually } from '../testing/eventually.ts';
import { createManualTime } from '../testing/manual-time.ts';

const creation = 'POST /invoices/create';

test.each([
  ['rate_limit', 429, 'Requests too frequent', 0],
  ['server_error', 500, 'Internal server error', 0],
  ['server_error_after', 500, 'Internal server error', 1],
])(
  '%s answers %i in the form of Bitsby, with %s, and %i made',
  async (fault, status, text, made) => {
    await using bitsby = await startBitsby();
    await bitsby.started.putFaults({ script: [{ fault, match: creation }] });
    expect(await bitsby.post('/invoices/create', order)).toEqual({
      status,
      body: { result: 'error', data: text },
    });
    expect(await bitsby.data('/invoices/list')).toHaveLength(made);
  },
);

test.each([
  ['drop_before', 0],
  ['drop_after', 1],
])('%s ends the connection, with %i made', async (fault, made) => {
  await using bitsby = await startBitsby();
  await bitsby.started.putFaults({ script: [{ fault, match: creation }] });
  await expect(bitsby.post('/invoices/create', order)).rejects.toThrow();
  expect(await bitsby.data('/invoices/list')).toHaveLength(made);
});

test('hang_after makes the invoice and never answers', async () => {
  const bitsby = await startBitsby();
  await bitsby.started.putFaults({ script: [{ fault: 'hang_after', match: creation }] });
  const hanging = bitsby.post('/invoices/create', order).then(
    () => 'answered',
    () => 'dropped',
  );
  await eventually(async () => {
    const listed = await bitsby.data('/invoices/list');
    return Array.isArray(listed) && listed.length === 1;
  });
  await bitsby[Symbol.asyncDispose]();
  expect(await hanging).toBe('dropped');
});

test('latency holds the answer back', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  await bitsby.started.putFaults({ latency_ms: 250 });
  const slow = bitsby.data('/invoices/list');
  await time.waitingFor(250);
  time.advance(250);
  expect(await slow).toEqual([]);
});

test('the payment page is struck too, and a view that was not answered counts all the same', async () => {
  await using bitsby = await startBitsby();
  const { url } = await bitsby.create();
  const script = [
    { fault: 'rate_limit', match: 'GET /invoices/pay/*' },
    { fault: 'server_error', match: 'GET /invoices/pay/*' },
    { fault: 'server_error_after', match: 'GET /invoices/pay/*' },
  ];
  await bitsby.started.putFaults({ script });
  const statuses: number[] = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await fetch(url)).status);
  expect(statuses).toEqual([429, 500, 500, 200]);
  expect(await bitsby.data('/invoices/list')).toMatchObject([{ views: 2 }]);
});

test('the same seed and calls give the same faults', async () => {
  const run = async (seed: number): Promise<unknown> => {
    await using bitsby = await startBitsby();
    const probabilities = { rate_limit: 0.2, server_error_after: 0.2, drop_after: 0.2 };
    await bitsby.started.putFaults({ seed, probabilities });
    const outcomes: unknown[] = [];
    for (let index = 0; index < 30; index += 1) {
      const answer = await bitsby.post('/invoices/create', order).catch(() => undefined);
      outcomes.push(answer?.status);
    }
    await fetch(`${bitsby.started.url}/_sandbox/faults`, { method: 'DELETE' });
    const made = await bitsby.data('/invoices/list', { limit: '100' });
    return { outcomes, made: Array.isArray(made) && made.length };
  };
  const first = await run(42);
  expect(first).toMatchObject({ outcomes: expect.arrayContaining([200, 429, 500, undefined]) });
  expect(await run(42)).toEqual(first);
  expect(await run(43)).not.toEqual(first);
});
