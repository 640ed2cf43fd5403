import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from './load.ts';

let answered = 0;
let status = 201;
const server = createServer((_request, response) => {
  answered += 1;
  response.writeHead(answered % 10 === 0 ? status : 201).end();
});
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address !== null && typeof address === 'object') url = `http://127.0.0.1:${address.port}/`;
});
afterAll(() => {
  server.close();
});

const size = { concurrency: 4, requests: 50 };

test('makes the requests and times each', async () => {
  const { latencies, requestsPerSecond } = await load({ url, headers: {}, body: '{}' }, size);
  expect(answered).toBe(50);
  expect(latencies).toHaveLength(50);
  expect(requestsPerSecond).toBeGreaterThan(0);
});

test('fails when a single answer is not 2xx', async () => {
  status = 503;
  await expect(load({ url, headers: {}, body: '{}' }, size)).rejects.toThrow(/"503"/);
});
