import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '@quittance/runtime';
import { fixtureText, openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import { createApp } from './app.ts';
import { createPace, createTestTiming } from './pace-under-test.ts';

interface Seen {
  call: string;
  headers: IncomingHttpHeaders;
  fields: object;
}

/** A Bitsby at that path of its host, which answers a create and says what it was sent. */
const openAt = async (path: string): Promise<Seen[]> => {
  const seen: Seen[] = [];
  const server = await listen(
    (request, response) => {
      const { headers, method, url } = request;
      const type = { 'content-type': headers['content-type'] ?? '' };
      void buffer(request)
        .then((body) => new Response(new Uint8Array(body), { headers: type }).formData())
        .then((form) => {
          seen.push({ call: `${method} ${url}`, headers, fields: Object.fromEntries(form) });
          response.end(fixtureText('bitsby/create.amounts.json'));
        });
    },
    { host: '127.0.0.1', port: 0 },
  );
  const timing = createTestTiming();
  const { provider } = createApp({
    config: {
      BITSBY_API_KEY: 'MSvL2ltaDZdWVjmZURURMVWhqSJLT2NURjhL2Fla1Z1T1IxQTltKs1T3Ay',
      BITSBY_API_URL: `${server.url}${path}`,
      BITSBY_PACE_MS: 1_000,
      BITSBY_PATIENCE_MS: 15_000,
      BITSBY_TIMEOUT_MS: 10_000,
      BITSBY_DOUBT_MS: 60_000,
    },
    pace: createPace(timing),
    clock: Date.now,
    timing,
  });
  try {
    const projectRef = '9deea1e2-0c08-41a3-bdc2-a34eada3892d';
    const options = { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 0.5 } as const;
    const order = openInput(options, { projectRef });
    await provider.open({ ...order, description: '12 months license for BITSBY' });
    await provider.open({ ...order, description: null });
  } finally {
    await server.close();
  }
  return seen;
};

test('a create is sent as Bitsby documents it', async () => {
  const [first, second] = await openAt('');
  expect(first).toMatchObject({
    call: 'POST /invoices/create',
    headers: {
      authorization: 'Token MSvL2ltaDZdWVjmZURURMVWhqSJLT2NURjhL2Fla1Z1T1IxQTltKs1T3Ay',
      'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/),
    },
  });
  const fields = {
    projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
    amountFiat: '20.50',
    currencyFiat: 'USD',
    serviceData: '{"quittance":"test-invoice-1","data":null}',
    timeToPay: '0.5',
  };
  expect(first?.fields).toEqual({ ...fields, description: '12 months license for BITSBY' });
  expect(second?.fields).toEqual(fields);
});

test.each(['/bitsby', '/bitsby/'])('an API below %s is called there', async (path) => {
  const [first] = await openAt(path);
  expect(first?.call).toBe('POST /bitsby/invoices/create');
});
