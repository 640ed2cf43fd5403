import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { apiKey, withAdapter } from './adapter-under-test.ts';
import { createApp } from './app.ts';
import { createPace, createTestTiming } from './pace-under-test.ts';

const create = 'POST /invoices/create';

/** What the core does with a create that it has no clear answer to. */
const unknown = { code: 'outcome_unknown', message: 'Bitsby gave no clear answer' };

test.each([
  ['a 500 before anything happened', 'server_error', 0],
  ['a 500 after it was made', 'server_error_after', 1],
  ['a connection cut before', 'drop_before', 0],
  ['a connection cut after', 'drop_after', 1],
  ['an answer that never comes', 'hang_after', 1],
])('%s is unknown, and looking first makes it exactly one invoice', (_title, fault, made) =>
  withAdapter(
    async ({ provider, order, fail, openedCount, calls }) => {
      const open = order();
      await fail(create, fault);
      await expect(provider.open(open)).rejects.toMatchObject(unknown);
      expect(calls).toEqual(['/invoices/create']);
      expect(await openedCount()).toBe(made);

      const { observations } = await provider.find({ by: 'open', open });
      expect(observations).toHaveLength(made);
      const { ref } =
        observations[0] ?? (await provider.open({ ...open, mayBeOpen: true })).observation;
      expect(ref).not.toBeNull();
      expect(await openedCount()).toBe(1);
    },
    { timeoutMs: 300 },
  ),
);

test.each([
  ['a 502 that is no JSON', { status: 502, body: '<html>Bad gateway</html>' }],
  ['a 500 that calls itself an error', { status: 500, body: '{"result":"error","data":"Oops"}' }],
  ['a 500 that calls itself a success', { status: 500, body: '{"result":"success","data":{}}' }],
  ['a page', { body: '<html></html>' }],
  ['nothing', { body: '' }],
  ['JSON of another kind', { body: '{"ok":true}' }],
  ['a redirect', { status: 302, body: '' }],
  ['a success without an invoice', { body: '{"result":"success","data":"Done"}' }],
  ['an invoice without its id', { body: '{"result":"success","data":{"uid":"x","url":"y"}}' }],
])('%s leaves it unknown whether it was made', (_title, canned) =>
  withAdapter(async ({ provider, order, answer, calls }) => {
    answer('/invoices/create', canned);
    await expect(provider.open(order())).rejects.toMatchObject(unknown);
    expect(calls).toHaveLength(1);
  }),
);

test.each([200, 400, 402, 404, 422])('an error with status %i is Bitsby’s refusal', (status) =>
  withAdapter(async ({ provider, order, answer }) => {
    answer('/invoices/create', { status, body: '{"result":"error","data":"projectId is wrong"}' });
    await expect(provider.open(order())).rejects.toMatchObject({
      code: 'provider_refused',
      message: 'projectId is wrong',
      refusal: { status, code: null, param: null },
    });
  }),
);

test('an error that is no text is a refusal too', () =>
  withAdapter(async ({ provider, order, answer }) => {
    answer('/invoices/create', { body: '{"result":"error","data":{"amountFiat":"wrong"}}' });
    await expect(provider.open(order())).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('{"amountFiat":"wrong"}'),
    });
  }));

test.each([
  [401, 'Bitsby does not accept the key of this hub (401)'],
  [403, "The hub's key may not do this at Bitsby (403)"],
])(
  'that the hub’s key is refused (%i) is not the invoice’s fault, and does not show it',
  (status, message) =>
    withAdapter(async ({ provider, order, answer }) => {
      const body = '{"result":"error","data":"Invalid API key TestBitsbyApi..."}';
      answer('/invoices/create', { status, body });
      await expect(provider.open(order())).rejects.toMatchObject({ code: 'unavailable', message });
    }),
);

test('whoever cannot be connected to has made nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  const timing = createTestTiming();
  const { provider } = createApp({
    config: {
      BITSBY_API_KEY: apiKey,
      BITSBY_API_URL: `http://127.0.0.1:${port}`,
      BITSBY_PACE_MS: 1_000,
      BITSBY_PATIENCE_MS: 15_000,
      BITSBY_TIMEOUT_MS: 5_000,
      BITSBY_DOUBT_MS: 60_000,
    },
    pace: createPace(timing),
    clock: Date.now,
    timing,
  });
  await withAdapter(async ({ order }) => {
    await expect(provider.open(order())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Bitsby cannot be reached',
    });
  });
});

test.each([
  ['refused', { body: '{"result":"error","data":"Not now"}' }],
  ['refused for its key', { status: 401, body: '' }],
  ['failed', { status: 500, body: '' }],
  ['unreadable', { body: 'no JSON' }],
  ['of another shape', { body: '{"result":"success","data":{"id":"x"}}' }],
  ['of an invoice that cannot be read', { body: '{"result":"success","data":[{"id":"x"}]}' }],
])('a question whose answer is %s can be asked again', (_title, canned) =>
  withAdapter(async ({ provider, order, answer, unknownRef: ref = '' }) => {
    const unavailable = { code: 'unavailable' };
    answer('/invoices/list', canned);
    const asked = provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false });
    await expect(asked).rejects.toMatchObject(unavailable);
    if (canned.body.includes('[')) return;
    answer('/invoices/list', canned);
    await expect(provider.find({ by: 'open', open: order() })).rejects.toMatchObject(unavailable);
  }),
);

test.each(['drop_before', 'drop_after', 'server_error', 'hang_after'])(
  'a question that fails by %s can be asked again',
  (fault) =>
    withAdapter(
      async ({ provider, order, pay, fail }) => {
        const ref = (await provider.open(order())).observation.ref ?? '';
        await pay(ref);
        for (const path of ['/invoices/list', '/payments/list']) {
          await fail(`POST ${path}`, fault);
          const asked = provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false });
          await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
        }
      },
      { timeoutMs: 300 },
    ),
);

test.each([
  ['an amount', { amountFiat: '20.505' }],
  ['a currency', { currencyFiat: 'USDC' }],
])('%s that cannot be read is no evidence', (_title, change) =>
  withAdapter(async ({ provider, order, answer, invoices }) => {
    const ref = (await provider.open(order())).observation.ref ?? '';
    const data = (await invoices()).map(({ invoice }) => ({ ...invoice, ...change }));
    answer('/invoices/list', { body: JSON.stringify({ result: 'success', data }) });
    const asked = provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false });
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
  }),
);
