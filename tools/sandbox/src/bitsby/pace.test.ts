import { expect, test } from 'vitest';
import { bitsbyClient, bitsbyKey } from '../testing/bitsby.ts';
import { createManualTime } from '../testing/manual-time.ts';
import { startSandbox } from '../testing/start-sandbox.ts';

const tooFrequent = { status: 429, body: { result: 'error', data: 'Requests too frequent' } };
const other = 'another0account0key';

test('one request a second of each key is served, and how each kept to it is counted', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { control, post } = bitsbyClient(started);
  const list = async (key = bitsbyKey): Promise<number> =>
    (await post('/invoices/list', {}, key)).status;

  expect(await list()).toBe(200);
  expect(await post('/invoices/list')).toEqual(tooFrequent);
  expect(await list(other)).toBe(200);
  time.advance(999);
  expect(await post('/billing/balances')).toEqual(tooFrequent);
  time.advance(1);
  expect(await list()).toBe(200);
  time.advance(1_250);
  expect(await list()).toBe(200);
  expect(await control('GET', '/pace')).toEqual({
    status: 200,
    body: {
      keys: [
        { apiKey: bitsbyKey, accepted: 3, refused: 2, smallestGapMs: 1_000 },
        { apiKey: other, accepted: 1, refused: 0, smallestGapMs: null },
      ],
    },
  });

  await control('DELETE', '/pace');
  expect(await list()).toBe(429);
  time.advance(3_000);
  expect(await list()).toBe(200);
  expect(await control('GET', '/pace')).toMatchObject({
    body: { keys: [{ accepted: 1, refused: 1, smallestGapMs: 4_250 - 1_250 }, {}] },
  });
});

test('a refused request changes nothing, and does not make the next one wait longer', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { data, post, putProject } = bitsbyClient(started);
  await putProject();
  await data('/invoices/list');
  time.advance(600);
  expect(await post('/invoices/create', {})).toEqual(tooFrequent);
  time.advance(400);
  expect(await data('/invoices/list')).toEqual([]);
});

test('with the limit off every request is served, and gaps are still measured', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { control, data } = bitsbyClient(started);
  await control('PUT', '/settings', { rateLimit: false });
  await data('/invoices/list');
  time.advance(20);
  await data('/invoices/list');
  expect(await control('GET', '/pace')).toMatchObject({
    body: { keys: [{ accepted: 2, refused: 0, smallestGapMs: 20 }] },
  });
});

test('invalid keys and calls that a fault refuses are not counted', async () => {
  await using started = await startSandbox();
  const { control, post } = bitsbyClient(started);
  await started.putFaults({ script: [{ fault: 'rate_limit', match: 'POST /invoices/list' }] });
  expect((await post('/invoices/list', {}, 'short')).status).toBe(401);
  await started.putFaults({ script: [{ fault: 'rate_limit', match: 'POST /invoices/list' }] });
  expect(await post('/invoices/list')).toEqual(tooFrequent);
  expect(await control('GET', '/pace')).toEqual({ status: 200, body: { keys: [] } });
});
