import { readFileSync, writeFileSync } from 'node:fs';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { clockFileIn } from '../config.ts';
import { createManualTime } from '../testing/manual-time.ts';
import { startReceiver, webhookSecret } from '../testing/start-receiver.ts';
import { startSandbox, type StartedSandbox } from '../testing/start-sandbox.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const start = Date.UTC(2026, 0, 1);
const day = 24 * 60 * 60 * 1_000;
const unmoved = { now: '2026-01-01T00:00:00.000Z', offset_ms: 0 };

const clockCall = async (
  { url }: StartedSandbox,
  method: string,
  body?: object,
): Promise<{ status: number; body: unknown }> => {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`${url}/_sandbox/clock`, init);
  const answer: unknown = await response.json();
  return { status: response.status, body: answer };
};

test('shows the time, moves it forward, and puts it back', async () => {
  await using started = await startSandbox(createManualTime(start));
  expect(await clockCall(started, 'GET')).toEqual({ status: 200, body: unmoved });

  const advanced = { now: '2026-01-01T00:01:00.000Z', offset_ms: 60_000 };
  expect((await clockCall(started, 'POST', { advance_ms: 60_000 })).body).toEqual(advanced);
  const further = { now: '2026-01-04T00:00:00.000Z', offset_ms: 3 * day };
  expect((await clockCall(started, 'POST', { to: '2026-01-04T02:00:00+02:00' })).body).toEqual(
    further,
  );
  expect((await clockCall(started, 'GET')).body).toEqual(further);
  expect(started.sandbox.clock()).toBe(start + 3 * day);

  const page = await (await fetch(`${started.url}/_sandbox`)).text();
  expect(page).toContain('2026-01-04T00:00:00.000Z');
  expect(page).toContain('moved by 259200000 ms');

  expect((await clockCall(started, 'DELETE')).body).toEqual(unmoved);
});

test('moves made at once add up', async () => {
  using folder = temporaryFolder();
  const env = { DATA_DIR: folder.path };
  await using started = await startSandbox({ ...createManualTime(start), env });
  await Promise.all(
    Array.from({ length: 20 }, () => clockCall(started, 'POST', { advance_ms: 10 })),
  );
  expect((await clockCall(started, 'GET')).body).toMatchObject({ offset_ms: 200 });
});

test.each([
  [{ advance_ms: -1 }, 'advance_ms', 'the clock moves forward only'],
  [{ advance_ms: 0 }, 'advance_ms', 'must be above 0'],
  [{ advance_ms: 1.5 }, 'advance_ms', 'int'],
  [{ advance_ms: '60000' }, 'advance_ms', 'number'],
  [{ advance_ms: 9_000_000_000_000_000 }, 'advance_ms', '9999'],
  [{ to: '2025-12-31T23:59:59.999Z' }, 'to', 'is before 2026-01-01T00:00:00.000Z'],
  [{ to: '2026-01-04' }, 'to', 'ISO'],
  [{ to: 1_767_225_600_000 }, 'to', 'string'],
  [{ advance_ms: 1, to: '2026-01-04T00:00:00Z' }, 'to', 'together'],
  [{}, 'advance_ms', 'required'],
  [{ advance_ms: 1, by: 2 }, '', '"by"'],
])('refuses %j, names the field and does not move', async (body, param, message) => {
  await using started = await startSandbox(createManualTime(start));
  const answer = await clockCall(started, 'POST', body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    error: { issues: [{ param, message: expect.stringContaining(message) }] },
  });
  expect((await clockCall(started, 'GET')).body).toEqual(unmoved);
});

test('pending webhook retries run at once, signed at the time that it is then', async () => {
  const time = createManualTime(start);
  await using receiver = await startReceiver();
  await using started = await startSandbox(time);
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  receiver.answerWith((ordinal) => (ordinal === 1 ? 500 : 200));
  const { id } = await started.stripe.customers.create();
  await time.waitingFor(1_000);
  await clockCall(started, 'POST', { advance_ms: 3 * day });
  await receiver.arrived(2);
  expect(receiver.types()).toEqual(['customer.created', 'customer.created']);

  const [before, after] = receiver.received;
  const isFresh = (webhook: typeof before): boolean | undefined =>
    Stripe.webhooks.signature?.verifyHeader(
      webhook?.body ?? '',
      webhook?.signature ?? '',
      webhookSecret,
      300,
      undefined,
      start + 3 * day,
    );
  expect(isFresh(after)).toBe(true);
  expect(() => isFresh(before)).toThrow('outside the tolerance zone');

  await started.stripe.customers.update(id, { name: 'Ada' });
  await receiver.arrived(3);
  expect(receiver.received[2]?.event?.created).toBe((start + 3 * day) / 1_000);
});

test('a webhook under way does not time out because the clock is moved', async () => {
  const time = createManualTime(start);
  await using receiver = await startReceiver();
  await using started = await startSandbox(time);
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  receiver.answerWith(() => Number.NaN);
  await started.stripe.customers.create();
  await receiver.arrived(1);
  await clockCall(started, 'POST', { advance_ms: 20_000 });
  await clockCall(started, 'POST', { advance_ms: 3 * day });
  expect(receiver.received).toHaveLength(1);
  time.advance(20_000);
  await time.waitingFor(1_000);
});

test('an idempotency key is forgotten when the clock is moved past its 24 hours', async () => {
  await using started = await startSandbox(createManualTime(start));
  const create = () => started.stripe.customers.create({}, { idempotencyKey: 'k' });
  const first = await create();
  await clockCall(started, 'POST', { advance_ms: day - 1_000 });
  expect((await create()).id).toBe(first.id);
  await clockCall(started, 'POST', { advance_ms: 2_000 });
  expect((await create()).id).not.toBe(first.id);
});

test('the offset survives a restart, and what waits is not made to wait longer', async () => {
  using folder = temporaryFolder();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime(start);
  await using receiver = await startReceiver();
  const first = await startSandbox({ ...time, env });
  await clockCall(first, 'POST', { advance_ms: 3 * day });
  receiver.answerWith((ordinal) => (ordinal === 1 ? 500 : 200));
  first.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  await first.stripe.customers.create();
  await time.waitingFor(1_000);
  await first.close();
  expect(readFileSync(clockFileIn(folder.path), 'utf8')).toBe('{"offset_ms":259200000}\n');

  const second = await startSandbox({ ...time, env });
  expect((await clockCall(second, 'GET')).body).toMatchObject({ offset_ms: 3 * day });
  await clockCall(second, 'DELETE');
  await second.close();

  await using third = await startSandbox({ ...time, env });
  expect((await clockCall(third, 'GET')).body).toEqual(unmoved);
  time.advance(1_000);
  await receiver.arrived(2);
});

test('does not start with a clock file that it cannot read', async () => {
  using folder = temporaryFolder();
  writeFileSync(clockFileIn(folder.path), '{');
  await expect(startSandbox({ env: { DATA_DIR: folder.path } })).rejects.toThrow(
    'does not hold a clock',
  );
});
