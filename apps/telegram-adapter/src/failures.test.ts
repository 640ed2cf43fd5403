import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { openAdapter, withAdapter, type AdapterUnderTest } from './adapter-under-test.ts';
import { createApp } from './app.ts';
import { botToken } from './people-under-test.ts';
import { listen, silentLogger } from '@quittance/runtime';

const problem = (status: number, description: string, parameters?: object) => ({
  status,
  body: JSON.stringify({ ok: false, error_code: status, description, parameters }),
});

const providerToken = '284685063:TEST:NjZlYWU2';

/** A call of the port for each method of the Bot API that it makes. */
const portCalls = {
  getMe: ({ provider, order }: AdapterUnderTest) => provider.open(order()),
  createInvoiceLink: ({ provider, order }: AdapterUnderTest) => provider.open(order()),
  refundStarPayment: ({ provider }: AdapterUnderTest) =>
    provider.refund({
      ref: 'invoice-7QH2M0ZX4K9PB1TD',
      payment: { ref: 'stx1', payer: '7463617963' },
      key: 'refund-1',
      money: { amount: 150, currency: 'XTR' },
      mayBeDone: false,
    }),
  getStarTransactions: ({ provider }: AdapterUnderTest) =>
    provider.find({
      by: 'ref',
      ref: 'invoice-7QH2M0ZX4K9PB1TD',
      object: null,
      hints: [],
      isUrgent: false,
    }),
};
type Method = keyof typeof portCalls;

const reading: Method[] = ['getMe', 'getStarTransactions'];
const making: Method[] = ['createInvoiceLink', 'refundStarPayment'];
const all = [...reading, ...making];

/** What a failed call of the port threw, in full; it must tell none of our secrets. */
const failureOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    const told = inspect(error, { depth: 20, showHidden: true });
    expect(told).not.toContain(botToken.split(':')[1]);
    expect(told).not.toContain(providerToken);
    return error;
  }
  throw new Error('It did not fail');
};

test.each(making)('a 400 from %s is a refusal in Telegram’s own words', (method) =>
  withAdapter(async (adapter) => {
    adapter.sandbox.answer(method, problem(400, 'Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID'));
    expect(await failureOf(portCalls[method](adapter))).toMatchObject({
      code: 'provider_refused',
      message: 'Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID',
      refusal: { status: 400, code: 'CURRENCY_TOTAL_AMOUNT_INVALID' },
    });
  }),
);

test.each(reading)('a 400 from %s is no refusal of anything', (method) =>
  withAdapter(async (adapter) => {
    adapter.sandbox.answer(method, problem(400, 'Bad Request'));
    expect(await failureOf(portCalls[method](adapter))).toMatchObject({ code: 'unavailable' });
  }),
);

test.each(
  all.flatMap((method) => [
    { method, status: 401, message: 'Telegram does not accept the token of this hub (401)' },
    { method, status: 403, message: 'Telegram does not let the bot of this hub do this (403)' },
    { method, status: 404, message: 'Telegram does not accept the token of this hub (404)' },
  ]),
)('$status from $method is told as what it is: nothing happened', ({ method, status, message }) =>
  withAdapter(async (adapter) => {
    adapter.sandbox.answer(method, problem(status, `No ${botToken}`));
    expect(await failureOf(portCalls[method](adapter))).toMatchObject({
      code: 'unavailable',
      message,
    });
  }),
);

test.each(all)('a 429 from %s says how long to wait', (method) =>
  withAdapter(async (adapter) => {
    const answer = problem(429, 'Too Many Requests: retry after 17', { retry_after: 17 });
    adapter.sandbox.answer(method, answer);
    expect(await failureOf(portCalls[method](adapter))).toMatchObject({
      code: 'unavailable',
      message: 'Telegram has asked us to wait (429)',
      retryAfterMs: 17_000,
    });
  }),
);

const unclear = [
  ['a 502', { status: 502, body: '{"ok":false,"error_code":502,"description":"Bad Gateway"}' }],
  ['a page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
  ['another JSON', { body: '{"result":true}' }],
  ['null', { body: 'null' }],
] as const;

test.each(unclear)(
  '%s leaves open whether it was done, for what makes something',
  (_title, answer) =>
    withAdapter(async (adapter) => {
      for (const method of making) {
        adapter.sandbox.answer(method, answer);
        expect(await failureOf(portCalls[method](adapter))).toMatchObject({
          code: 'outcome_unknown',
        });
      }
      for (const method of reading.toReversed()) {
        const { sandbox } = adapter;
        sandbox.answer(method, answer);
        if (method === 'getMe') continue;
        expect(await failureOf(portCalls[method](adapter))).toMatchObject({ code: 'unavailable' });
      }
    }),
);

test.each(all)('a connection that is cut before or after %s', (method) =>
  withAdapter(async (adapter) => {
    const code = making.includes(method) ? 'outcome_unknown' : 'unavailable';
    for (const fault of ['drop_before', 'drop_after']) {
      await adapter.sandbox.fail(`POST /*/${method}`, fault);
      expect(await failureOf(portCalls[method](adapter))).toMatchObject({ code });
    }
  }),
);

test.each(all)('%s that is never answered ends in time', async (method) => {
  const adapter = await openAdapter(undefined, { env: { TELEGRAM_TIMEOUT_MS: '300' } });
  await adapter.sandbox.fail(`POST /*/${method}`, 'hang_after');
  const start = performance.now();
  const code = making.includes(method) ? 'outcome_unknown' : 'unavailable';
  expect(await failureOf(portCalls[method](adapter))).toMatchObject({ code });
  expect(performance.now() - start).toBeLessThan(2_000);
  await adapter.close();
});

test('a host that is not there is unavailable: nothing happened', () =>
  withAdapter(async (adapter) => {
    const { core, config, order } = adapter;
    const gone = await listen(() => undefined, { host: '127.0.0.1', port: 0 });
    await gone.close();
    const { provider } = createApp({
      config: { ...config, TELEGRAM_API_URL: gone.url },
      core,
      clock: Date.now,
      log: silentLogger,
    });
    const alone = { ...adapter, provider, order };
    for (const method of all) {
      expect(await failureOf(portCalls[method](alone))).toMatchObject({ code: 'unavailable' });
    }
  }));

test('who the bot is, is asked again after it could not be told', () =>
  withAdapter(async (adapter) => {
    adapter.sandbox.answer('getMe', problem(500, 'Internal Server Error'));
    expect(await failureOf(portCalls.getMe(adapter))).toMatchObject({ code: 'unavailable' });
    await portCalls.getMe(adapter);
  }));

test('a provider token that is not good is no fault of an invoice, and is never told', () =>
  withAdapter(
    async (adapter) => {
      const { provider, order, sandbox } = adapter;
      const money = { amount: 1250, currency: 'USD' };
      sandbox.answer('createInvoiceLink', problem(400, 'Bad Request: PAYMENT_PROVIDER_INVALID'));
      expect(await failureOf(provider.open(order({ money })))).toMatchObject({
        code: 'unavailable',
        message: 'Telegram does not accept the provider token of this hub',
      });
      sandbox.answer('createInvoiceLink', problem(400, `Bad Request: no ${providerToken}`));
      expect(await failureOf(provider.open(order({ money })))).toMatchObject({
        code: 'provider_refused',
        message: 'Bad Request: no [redacted]',
      });
      await sandbox.fail('POST /*/createInvoiceLink', 'drop_after');
      expect(await failureOf(provider.open(order({ money })))).toMatchObject({
        code: 'outcome_unknown',
      });
    },
    { env: { TELEGRAM_PROVIDER_TOKEN: providerToken } },
  ));
