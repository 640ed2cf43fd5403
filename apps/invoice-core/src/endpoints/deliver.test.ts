import type { Attempt } from '@quittance/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { create, deliveriesOf, messageAt, pay, typesOf } from './endpoints-under-test.ts';
import { answering, deadUrl, openRawReceiver } from './receiver-under-test.ts';
import { createSender } from './sender.ts';
import { openSending, type SendingUnderTest } from './sending-under-test.ts';

const sandbox = { sandbox: true, webhookNetworks: [] };

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const attemptsOf = async ({ app, caller }: SendingUnderTest, id = ''): Promise<Attempt[]> =>
  app.core.deliveries.attempts({ caller, id });

test('every event arrives once, as it is in the feed, and what came of it is kept', async () => {
  await using it = await openSending();
  const { endpoint } = await it.listen('/hook');
  await create(it);
  await pay(it);
  await it.app.work();
  const deliveries = await deliveriesOf(it);
  expect(typesOf(deliveries)).toEqual(['invoice.created', 'invoice.opened', 'invoice.paid']);
  expect(it.arrived('/hook').toSorted()).toEqual(deliveries.map(({ webhookId }) => webhookId));
  for (const { body, webhookId } of it.receiver.received) {
    const position = Number(webhookId.replace('evt_', ''));
    expect(JSON.parse(body)).toEqual(await messageAt(it, position));
  }
  const at = new Date(it.clock.now()).toISOString();
  for (const { id, ...delivery } of deliveries) {
    const settled = { state: 'succeeded', attempts: 1, nextAttemptAt: null, settledAt: at };
    expect(delivery).toMatchObject({ ...settled, endpointId: endpoint.id });
    expect(await attemptsOf(it, id)).toMatchObject([
      { attemptedAt: at, result: 'succeeded', httpStatus: 200, responseBody: '', error: null },
    ]);
  }
  it.clock.advance(10 * day);
  await it.app.work();
  expect(it.receiver.received).toHaveLength(3);
  expect(await it.app.core.endpoints.list({ caller: it.caller })).toMatchObject([
    { disabled: null, failingSince: null },
  ]);
});

test('both secrets sign while one replaces the other', async () => {
  await using it = await openSending();
  const { endpoint } = await it.listen('/hook');
  const { endpoints } = it.app.core;
  const { secret } = await endpoints.rotateSecret({ caller: it.caller, id: endpoint.id });
  it.trust('/hook', secret);
  await create(it);
  await it.app.work();
  expect(it.receiver.received).toHaveLength(2);
  const signatures = it.receiver.received.map(({ headers }) => headers['webhook-signature']);
  for (const one of signatures) expect(String(one).split(' ')).toHaveLength(2);
});

describe('the schedule', () => {
  test('is kept to the end, with one webhook-id, and then the delivery has failed', async () => {
    await using it = await openSending();
    await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(500, {}, 'no'));
    await create(it);
    await it.app.work();
    const waits: number[] = [];
    while ((await deliveriesOf(it))[0]?.state === 'pending') {
      // So that it is not failing for too long.
      await it.store.write((tx) =>
        tx.updateTable('endpoints').set({ failing_since: it.clock.now() }).execute(),
      );
      waits.push(await it.pass());
    }
    const expected = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(waits).toHaveLength(expected.length);
    for (const [index, seconds] of expected.entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(seconds * 1000);
      expect(waits[index]).toBeLessThanOrEqual(seconds * 1100);
    }
    const [delivery] = await deliveriesOf(it);
    expect(delivery).toMatchObject({ state: 'failed', attempts: 10, nextAttemptAt: null });
    expect(new Set(it.arrived('/hook')).size).toBe(1);
    const attempts = await attemptsOf(it, delivery?.id);
    expect(attempts).toHaveLength(10);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ result: 'rejected', httpStatus: 500, responseBody: 'no' });
    }
    it.clock.advance(30 * day);
    await it.app.work();
    expect(it.arrived('/hook')).toHaveLength(10);
  });

  test('is not a millisecond early, and goes on where it was after a restart', async () => {
    await using it = await openSending();
    await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(503));
    await create(it);
    await it.app.work();
    await it.pass();
    const [waiting] = await deliveriesOf(it);
    const restarted = await it.restart();
    const background = await restarted.start();
    const due = Date.parse(waiting?.nextAttemptAt ?? '') - it.clock.now();
    expect(due).toBeGreaterThanOrEqual(5 * minute);
    it.clock.advance(due - 1);
    await restarted.work();
    expect(it.arrived('/hook')).toHaveLength(2);
    expect(await deliveriesOf(it)).toEqual([waiting]);
    it.answer(answering(200));
    it.clock.advance(1);
    await expect.poll(() => it.arrived('/hook'), { timeout: 5000 }).toHaveLength(3);
    await background.stop();
    expect(await deliveriesOf(it)).toMatchObject([{ state: 'succeeded', attempts: 3 }]);
  });

  test('waits as long as it is asked to', async () => {
    await using it = await openSending();
    await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(500, { 'retry-after': '7200' }));
    await create(it);
    await it.app.work();
    expect(await it.pass()).toBe(2 * hour);
  });

  test('begins anew for what is replayed while it is being sent', async () => {
    await using it = await openSending();
    await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(500));
    await create(it);
    await it.app.work();
    await it.pass();
    const [delivery] = await deliveriesOf(it);
    const { id = '' } = delivery ?? {};
    it.answer((response) => {
      const { deliveries } = it.app.core;
      void deliveries.replay({ caller: it.caller, id }).then(() => response.writeHead(500).end());
      it.answer(answering(200));
    });
    await it.pass();
    expect(it.arrived('/hook')).toHaveLength(4);
    expect(await deliveriesOf(it)).toMatchObject([{ state: 'succeeded', attempts: 4 }]);
  });
});

describe('at the same time', () => {
  test('two cores on one database send nothing twice', async () => {
    await using it = await openSending();
    const other = await it.restart();
    for (let index = 0; index < 20; index += 1) await it.listen(`/${index}`);
    for (let index = 0; index < 10; index += 1) await create(it);
    const areDone = async (): Promise<boolean> =>
      (await deliveriesOf(it, { state: 'pending' })).length === 0;
    while (!(await areDone())) await Promise.all([it.app.work(), other.work()]);
    for (let index = 0; index < 20; index += 1) {
      const arrived = it.arrived(`/${index}`);
      expect(arrived).toHaveLength(20);
      expect(new Set(arrived).size).toBe(20);
    }
  });

  test('an endpoint gets four deliveries and no more', async () => {
    await using it = await openSending();
    await it.listen('/hook');
    for (let index = 0; index < 10; index += 1) await create(it);
    let open = 0;
    let most = 0;
    it.answer((response) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        response.end();
      });
    });
    await it.app.work();
    expect(it.arrived('/hook')).toHaveLength(20);
    expect(most).toBe(4);
  });

  test('nothing is sent twice because the sandbox’s clock was moved meanwhile', async () => {
    await using it = await openSending();
    await it.listen('/hook', { eventTypes: ['invoice.created'] });
    let meanwhile: Promise<void> | undefined;
    it.answer((response) => {
      it.clock.advance(hour);
      meanwhile = it.app.work();
      setImmediate(() => response.end());
    });
    await create(it);
    await it.app.work();
    await meanwhile;
    it.clock.advance(hour);
    await it.app.work();
    expect(it.arrived('/hook')).toHaveLength(1);
  });
});

test('what is cut off by a stop is sent again, with the same webhook-id', async () => {
  await using it = await openSending();
  await it.listen('/hook', { eventTypes: ['invoice.created'] });
  it.answer(() => void it.sender.close());
  await create(it);
  await it.app.work();
  expect(await deliveriesOf(it)).toMatchObject([{ state: 'pending', attempts: 0 }]);
  expect((await it.app.core.endpoints.list({ caller: it.caller }))[0]?.failingSince).toBeNull();
  it.answer(answering(200));
  const restarted = await it.restart({ sender: createSender(sandbox) });
  it.clock.advance(second);
  await restarted.work();
  const [once, again] = it.arrived('/hook');
  expect(again).toBe(once);
  expect(await deliveriesOf(it)).toMatchObject([{ state: 'succeeded', attempts: 1 }]);
});

test('an endpoint that no longer may be called is not, and it says so', async () => {
  await using it = await openSending();
  await it.listen('/hook', { eventTypes: ['invoice.created'] });
  await create(it);
  const sender = createSender({ ...sandbox, sandbox: false });
  const live = await it.restart({ sandbox: false, sender });
  await live.work();
  expect(it.receiver.received).toEqual([]);
  const [delivery] = await deliveriesOf(it);
  expect(await attemptsOf(it, delivery?.id)).toMatchObject([
    { result: 'refused', httpStatus: null, error: 'The URL must be https' },
  ]);
});

test('what hangs and what is not there are tried each in its time, and told apart', async () => {
  await using it = await openSending({ timeoutMs: 100 });
  await using hanging = await openRawReceiver();
  const hangs = await it.listen(hanging.url);
  const isDead = await it.listen(await deadUrl());
  for (let index = 0; index < 5; index += 1) await create(it);
  await it.app.work();
  expect(hanging.requests()).toBe(10);
  for (const [{ endpoint }, result] of [
    [hangs, 'timeout'],
    [isDead, 'unreachable'],
  ] as const) {
    const deliveries = await deliveriesOf(it, { endpointId: endpoint.id });
    expect(deliveries).toHaveLength(10);
    for (const { id, ...delivery } of deliveries) {
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
      expect(await attemptsOf(it, id)).toMatchObject([{ result, httpStatus: null }]);
    }
  }
});

test('a line in the log for each try says what came of it, and no secrets', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  await using it = await openSending({ log });
  const { endpoint, secret } = await it.listen('/hook?token=hush', {
    eventTypes: ['invoice.created'],
    headers: { Authorization: 'Bearer hush' },
  });
  it.answer(answering(500, { 'x-hush': 'hush' }, 'hush'));
  await create(it);
  await it.app.work();
  const [delivery] = await deliveriesOf(it);
  it.answer(answering(200, {}, 'hush'));
  await it.pass();
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 40,
      msg: 'webhook sent',
      deliveryId: delivery?.id,
      endpointId: endpoint.id,
      webhookId: delivery?.webhookId,
      attempt: 1,
      result: 'rejected',
      status: 500,
      ms: expect.any(Number),
    }),
    expect.objectContaining({ level: 30, attempt: 2, result: 'succeeded', status: 200 }),
  ]);
  expect(lines.join()).not.toContain('hush');
  expect(lines.join()).not.toContain(secret);
});
