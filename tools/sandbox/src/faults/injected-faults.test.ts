import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { createManualTime } from '../testing/manual-time.ts';
import { startReceiver, webhookSecret } from '../testing/start-receiver.ts';
import { startSandbox, type StartedSandbox } from '../testing/start-sandbox.ts';
import { failureOf } from '../testing/stripe-failure.ts';

const usd = { amount: 1000, currency: 'usd' } as const;
const creation = 'POST /v1/payment_intents';

const post = (started: StartedSandbox, init: RequestInit = {}): Promise<Response> =>
  started.call('POST', '/v1/payment_intents', {
    ...init,
    body: new URLSearchParams({ amount: '1000', currency: 'usd' }),
    headers: { 'idempotency-key': 'k' },
  });

const intentIds = async ({ stripe }: StartedSandbox): Promise<string[]> =>
  (await stripe.paymentIntents.list()).data.map(({ id }) => id);

test('rate_limit answers 429, executes nothing and uses up no key', async () => {
  await using started = await startSandbox();
  await started.putFaults({ script: [{ fault: 'rate_limit', match: creation }] });
  const create = () => started.stripe.paymentIntents.create(usd, { idempotencyKey: 'k' });
  expect(await failureOf(create())).toMatchObject({
    type: 'StripeRateLimitError',
    code: 'rate_limit',
    statusCode: 429,
  });
  const { id } = await create();
  expect(await intentIds(started)).toEqual([id]);
});

test.each([
  [{ retry_after_s: 30 }, '30'],
  [{}, null],
])('rate_limit with %o asks to wait %s', async (settings, asked) => {
  await using started = await startSandbox();
  await started.putFaults({ ...settings, script: [{ fault: 'rate_limit', match: creation }] });
  expect((await post(started)).headers.get('retry-after')).toBe(asked);
  expect((await post(started)).headers.get('retry-after')).toBeNull();
});

test.each([
  ['server_error', 0],
  ['server_error_after', 1],
])('%s answers 500, replayed under its key, with %i executed', async (fault, executed) => {
  await using started = await startSandbox();
  await started.putFaults({ script: [{ fault, match: creation }] });
  const create = () => started.stripe.paymentIntents.create(usd, { idempotencyKey: 'k' });
  const first = await failureOf(create());
  expect(first).toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
  const again = await failureOf(create());
  expect(again.statusCode).toBe(500);
  expect(again.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.requestId,
  });
  expect(await intentIds(started)).toHaveLength(executed);
});

test('drop_before ends the connection with nothing executed', async () => {
  await using started = await startSandbox();
  await started.putFaults({ script: [{ fault: 'drop_before', match: creation }] });
  await expect(post(started)).rejects.toThrow();
  expect(await intentIds(started)).toEqual([]);
});

test('drop_after ends the connection with all executed', async () => {
  await using started = await startSandbox();
  await started.putFaults({ script: [{ fault: 'drop_after', match: creation }] });
  await expect(post(started)).rejects.toThrow();
  const ids = await intentIds(started);
  expect(ids).toHaveLength(1);
  const retried = await post(started);
  expect(await retried.json()).toMatchObject({ id: ids[0] });
});

test('hang_after executes and never answers; a retry finds the answer', async () => {
  await using started = await startSandbox();
  await started.putFaults({ script: [{ fault: 'hang_after', match: creation }] });
  const controller = new AbortController();
  const hanging = post(started, { signal: controller.signal });
  await eventually(async () => (await intentIds(started)).length === 1);
  const retried = await post(started);
  expect(retried.headers.get('idempotent-replayed')).toBe('true');
  expect(await retried.json()).toMatchObject({ id: (await intentIds(started))[0] });
  controller.abort();
  await expect(hanging).rejects.toThrow('aborted');
});

test('late_after executes when the client has been gone for so long', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  await started.putFaults({ script: [{ fault: 'late_after', match: creation, late_ms: 700 }] });
  const controller = new AbortController();
  const waiting = post(started, { signal: controller.signal });
  await eventually(() => Promise.resolve(started.sandbox.faults.report().injected.length === 1));
  time.advance(60_000);
  expect(await intentIds(started)).toEqual([]);
  controller.abort();
  await expect(waiting).rejects.toThrow('aborted');
  await time.waitingFor(700);
  time.advance(699);
  expect(await intentIds(started)).toEqual([]);
  time.advance(1);
  await eventually(async () => (await intentIds(started)).length === 1);
  const retried = await post(started);
  expect(await retried.json()).toMatchObject({ id: (await intentIds(started))[0] });
});

test('closing does not wait for what is to be late, and does not do it', async () => {
  const time = createManualTime();
  const started = await startSandbox(time);
  await started.putFaults({
    script: [{ fault: 'late_after', match: creation, late_ms: 700, times: 2 }],
  });
  const waiting = post(started).then(
    () => 'answered',
    () => 'dropped',
  );
  const controller = new AbortController();
  const gone = post(started, { signal: controller.signal }).catch(() => 'gone');
  await eventually(() => Promise.resolve(started.sandbox.faults.report().injected.length === 2));
  controller.abort();
  await gone;
  await time.waitingFor(700);
  await started.close();
  expect(await waiting).toBe('dropped');
});

test('closing does not wait for an answer that hangs', async () => {
  const started = await startSandbox();
  await started.putFaults({ script: [{ fault: 'hang_after', match: creation }] });
  const hanging = post(started).then(
    () => 'answered',
    () => 'dropped',
  );
  await eventually(async () => (await intentIds(started)).length === 1);
  await started.close();
  expect(await hanging).toBe('dropped');
});

test('latency holds the answer back', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  await started.putFaults({ latency_ms: 250 });
  const slow = started.stripe.customers.create();
  await time.waitingFor(250);
  time.advance(250);
  expect((await slow).object).toBe('customer');
});

test('the same seed and calls give the same faults', async () => {
  const run = async (seed: number): Promise<unknown> => {
    await using started = await startSandbox();
    await started.putFaults({
      seed,
      probabilities: { rate_limit: 0.2, server_error: 0.2, drop_after: 0.2 },
    });
    const outcomes: unknown[] = [];
    for (let index = 0; index < 30; index += 1) {
      const answer = await started
        .call('POST', '/v1/customers', { headers: { 'idempotency-key': `k${index}` } })
        .catch(() => undefined);
      outcomes.push(answer?.status);
    }
    const faults = started.sandbox.faults.report().injected.map(({ at: _at, ...rest }) => rest);
    return { outcomes, faults };
  };
  const first = await run(42);
  expect(await run(42)).toEqual(first);
  expect(await run(43)).not.toEqual(first);
});

const withWebhookFault = async (fault: string) => {
  const time = createManualTime();
  const receiver = await startReceiver();
  const started = await startSandbox(time);
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  await started.putFaults({ script: [{ fault, match: 'customer.created' }] });
  const { id } = await started.stripe.customers.create();
  return {
    time,
    receiver,
    next: () => started.stripe.customers.update(id, { name: 'Ada' }),
    [Symbol.asyncDispose]: async () => {
      await started.close();
      await receiver.close();
    },
  };
};

test('webhook_duplicate sends twice', async () => {
  await using run = await withWebhookFault('webhook_duplicate');
  await run.receiver.arrived(2);
  expect(run.receiver.types()).toEqual(['customer.created', 'customer.created']);
  expect(run.receiver.received[0]?.event?.id).toBe(run.receiver.received[1]?.event?.id);
});

test('webhook_reorder sends after the next event', async () => {
  await using run = await withWebhookFault('webhook_reorder');
  await run.time.waitingFor(2_000);
  await run.next();
  await run.receiver.arrived(2);
  expect(run.receiver.types()).toEqual(['customer.updated', 'customer.created']);
});

test('webhook_reorder sends in the end when nothing follows', async () => {
  await using run = await withWebhookFault('webhook_reorder');
  await run.time.waitingFor(2_000);
  run.time.advance(2_000);
  await run.receiver.arrived(1);
  expect(run.receiver.types()).toEqual(['customer.created']);
});

test('webhook_delay sends later', async () => {
  await using run = await withWebhookFault('webhook_delay');
  await run.time.waitingFor(2_000);
  expect(run.receiver.received).toEqual([]);
  run.time.advance(2_000);
  await run.receiver.arrived(1);
  expect(run.receiver.types()).toEqual(['customer.created']);
});

test('webhook_drop sends only on the retry', async () => {
  await using run = await withWebhookFault('webhook_drop');
  await run.time.waitingFor(1_000);
  expect(run.receiver.received).toEqual([]);
  run.time.advance(1_000);
  await run.receiver.arrived(1);
  expect(run.receiver.types()).toEqual(['customer.created']);
});

test('webhook_bad_signature is followed by a good one once it is refused', async () => {
  await using run = await withWebhookFault('webhook_bad_signature');
  run.receiver.answerWith((ordinal) => (ordinal === 1 ? 400 : 200));
  await run.time.waitingFor(1_000);
  expect(run.receiver.types()).toEqual(['not verified']);
  run.time.advance(1_000);
  await run.receiver.arrived(2);
  expect(run.receiver.types()).toEqual(['not verified', 'customer.created']);
});
