import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { createManualTime } from '../testing/manual-time.ts';
import { startSandbox } from '../testing/start-sandbox.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { jsonOf, order, payer, seller, startBbp } from './bbp-under-test.ts';

const newInvoice = '/v2/bots/1914078/web-app/new-invoice';

test.each([
  ['GET', '/v2/bots/1/web-app/new-invoice', 404, 'Bot not found'],
  ['POST', '/v2/bots/1914078/web-app/cancel-invoice', 404, 'Command not found'],
  ['GET', '/v2/bots/1914078/web-app/constructor', 404, 'Command not found'],
  ['GET', '/v2/bots/1914078', 404, 'Not Found'],
  ['DELETE', newInvoice, 404, 'Not Found'],
])('%s %s answers %i "%s"', async (method, path, status, error) => {
  await using bbp = await startBbp();
  const answer = await bbp.started.call(method, path);
  expect([answer.status, await answer.json()]).toEqual([status, { status, error }]);
});

test('JSON that is none is refused by the platform; JSON that is no object has no parameters', async () => {
  await using bbp = await startBbp();
  const headers = { 'content-type': 'application/json' };
  const torn = await bbp.started.call('POST', newInvoice, { headers, body: '{"amount":' });
  expect([torn.status, await torn.json()]).toEqual([400, { status: 400, error: 'Bad Request' }]);
  for (const body of ['[1]', 'null', '"text"', '']) {
    const answer = await bbp.started.call('POST', newInvoice, { headers, body });
    expect(await answer.json()).toEqual({
      status: 'error',
      msg: 'Missing parameters: amount, userId, pin, description, title, payload',
    });
  }
});

const paidCount = (bbp: Awaited<ReturnType<typeof startBbp>>): Promise<unknown> =>
  bbp.balanceOf(seller.id);

const transfer = { fromUser: payer.id, pin: payer.pin, toUser: seller.id, amount: 5 };
const match = 'POST /v2/bots/1914078/web-app/send';

test.each([
  ['rate_limit', 429, 'Too Many Requests', 0],
  ['server_error', 500, 'Internal Server Error', 0],
  ['server_error_after', 500, 'Internal Server Error', 5],
])('%s answers %i "%s" with %i BBP sent', async (fault, status, error, sent) => {
  await using bbp = await startBbp();
  await bbp.started.putFaults({ script: [{ fault, match }], retry_after_s: 3 });
  const answer = await bbp.post('send', transfer);
  expect([answer.status, await answer.json()]).toEqual([status, { status, error }]);
  expect(answer.headers.get('retry-after')).toBe(fault === 'rate_limit' ? '3' : null);
  expect(await paidCount(bbp)).toBe(sent);
  await bbp.ask('send', transfer);
  expect(await paidCount(bbp)).toBe(sent + 5);
});

test.each([
  ['drop_before', 0],
  ['drop_after', 5],
])('%s ends the connection with %i BBP sent', async (fault, sent) => {
  await using bbp = await startBbp();
  await bbp.started.putFaults({ script: [{ fault, match }] });
  await expect(bbp.post('send', transfer)).rejects.toThrow();
  expect(await paidCount(bbp)).toBe(sent);
});

test('hang_after sends and never answers', async () => {
  const bbp = await startBbp();
  await bbp.started.putFaults({ script: [{ fault: 'hang_after', match }] });
  const hanging = bbp.post('send', transfer).then(
    () => 'answered',
    () => 'dropped',
  );
  await eventually(async () => (await paidCount(bbp)) === 5);
  await bbp.started.close();
  expect(await hanging).toBe('dropped');
});

test('latency holds the answer back', async () => {
  const time = createManualTime();
  await using bbp = await startBbp(time);
  await bbp.started.putFaults({ latency_ms: 250 });
  const slow = bbp.ask('send', transfer);
  await time.waitingFor(250);
  expect(await paidCount(bbp)).toBe(0);
  time.advance(250);
  expect(await slow).toMatchObject({ status: 'success' });
});

test('the same seed and calls give the same faults', async () => {
  const run = async (seed: number): Promise<unknown> => {
    await using bbp = await startBbp();
    await bbp.putUser(payer.id, { pin: payer.pin, balance: 100, webhook: 'http://127.0.0.1:1/' });
    await bbp.started.putFaults({
      seed,
      probabilities: {
        rate_limit: 0.2,
        server_error_after: 0.2,
        drop_after: 0.2,
        webhook_drop: 0.3,
      },
    });
    const outcomes: unknown[] = [];
    for (let index = 0; index < 15; index += 1) {
      const answer = await bbp.post('send', transfer).catch(() => undefined);
      outcomes.push(answer?.status);
      const calls = index + 1;
      await eventually(() => {
        const { ordinals, injected } = bbp.started.sandbox.faults.report();
        const unsent = injected.filter(({ fault }) => fault === 'rate_limit').length;
        return ordinals.requests === calls && ordinals.webhooks === calls - unsent;
      });
    }
    const faults = bbp.started.sandbox.faults.report().injected.map(({ at: _at, ...rest }) => rest);
    return { outcomes, faults, balance: await paidCount(bbp) };
  };
  const first = await run(42);
  expect(JSON.stringify(first)).toContain('bots_business.online_pay.debit');
  expect(await run(42)).toEqual(first);
  expect(await run(43)).not.toEqual(first);
});

test('users, invoices, requests and settings survive a restart', async () => {
  using folder = temporaryFolder();
  const env = { DATA_DIR: folder.path };
  const first = await startBbp({ env });
  const [paid, unpaid] = [await first.invoice(), await first.invoice({ amount: '3' })];
  await first.ask('send', { fromUser: payer.id, pin: payer.pin, invoiceId: paid });
  await first.control('PUT', '/settings', { invoiceStatus: 'documented', paymentGapMs: 0 });
  const users = await jsonOf(first.control('GET', '/users'));
  const whole = await jsonOf(first.control('GET', `/invoices/${unpaid}`));
  await first.started.close();

  // Not `startBbp`, which would make the users anew.
  await using second = await startSandbox({ env });
  expect(await jsonOf(second.call('GET', '/_sandbox/bots-business/users'))).toEqual(users);
  const status = (invoiceId: string) =>
    jsonOf(
      second.call(
        'GET',
        `/v2/bots/1914078/web-app/invoice-status?invoiceId=${invoiceId}&pin=${order.pin}`,
      ),
    );
  expect(await status(unpaid)).toEqual({ status: 'success', invoice: whole });
  expect(await status(paid)).toEqual({ status: 'error', msg: 'Invoice has been paid already.' });
});
