import type { ServerResponse } from 'node:http';
import { connect as openSocket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { createTestClock } from '@quittance/testing';
import { expect, test } from 'vitest';
import { connect } from './connection.ts';
import {
  answers,
  type ConnectionUnderTest,
  cuts,
  ignores,
  succeeds,
  withConnection,
} from './connection-under-test.ts';

const search = ({ run, stripe }: Pick<ConnectionUnderTest, 'run' | 'stripe'>) =>
  run(() => stripe.customers.search({ query: 'x' }));
const failing = (subject: ConnectionUnderTest) => search(subject).catch((error: unknown) => error);

const paused = {
  code: 'unavailable',
  message: 'Stripe cannot be reached; calls to it are paused until it answers',
};

/** Five tries in a row: three of the first call, two of the second, whose third is not sent. */
const open = async (subject: ConnectionUnderTest): Promise<void> => {
  await failing(subject);
  expect(subject.isReachable()).toBe(true);
  expect(await failing(subject)).toMatchObject(paused);
  expect(subject.isReachable()).toBe(false);
  expect(subject.requests).toHaveLength(5);
};

test.each([
  ['cuts connections', cuts],
  ['says 502', answers(502)],
  ['says 503', answers(503)],
  ['says 504', answers(504)],
])('a host that %s is spared, which errors say, until it answers', (_title, step) =>
  withConnection(async (subject) => {
    subject.finally(step);
    await open(subject);
    const { waits, requests, advance } = subject;
    const waited = waits.length;
    const sinceOpen = waits.at(-1) ?? 0;
    for (let call = 0; call < 20; call++)
      await expect(search(subject)).rejects.toMatchObject(paused);
    expect(waits).toHaveLength(waited);
    advance(1_999 - sinceOpen);
    await expect(search(subject)).rejects.toMatchObject(paused);
    expect(requests).toHaveLength(5);

    advance(1);
    expect(subject.isReachable()).toBe(false);
    expect(await failing(subject)).toMatchObject(paused);
    expect(requests).toHaveLength(6);
    expect(subject.isReachable()).toBe(false);

    subject.finally(succeeds);
    advance(2_000);
    expect(subject.isReachable()).toBe(false);
    await search(subject);
    expect(subject.isReachable()).toBe(true);
    expect(requests).toHaveLength(7);
    subject.script(step);
    await search(subject);
    expect(subject.isReachable()).toBe(true);
  }),
);

test('the trial is alone: meanwhile other calls fail at once', () =>
  withConnection(async (subject) => {
    subject.finally(cuts);
    await open(subject);
    subject.advance(2_000);
    const trial = Promise.withResolvers<ServerResponse>();
    subject.script(trial.resolve);
    subject.finally(succeeds);
    const tried = search(subject);
    const response = await trial.promise;
    expect(subject.isReachable()).toBe(false);
    await expect(search(subject)).rejects.toMatchObject(paused);
    expect(subject.requests).toHaveLength(6);
    succeeds(response);
    await tried;
    expect(subject.isReachable()).toBe(true);
    await search(subject);
  }));

const connectTo = (url: string, timeoutMs: number, now = () => 0) =>
  connect(
    {
      STRIPE_API_URL: url,
      STRIPE_SECRET_KEY: 'sk_test_connection',
      STRIPE_TIMEOUT_MS: timeoutMs,
      STRIPE_CONCURRENCY: 20,
    },
    { now, wait: () => Promise.resolve() },
  );

test.each([
  ['that is not there', 'http://127.0.0.1:1'],
  ['whose name is unknown', 'http://stripe.invalid'],
])('a host %s is spared', async (_title, url) => {
  const { run, stripe, isReachable } = connectTo(url, 10_000);
  const create = () => run(() => stripe.customers.create({}));
  await expect(create()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(create()).rejects.toMatchObject(paused);
  expect(isReachable()).toBe(false);
});

test('a dead host is never told reachable, however often it is tried', async () => {
  const clock = createTestClock();
  const connection = connectTo('http://127.0.0.1:1', 10_000, clock.now);
  await Promise.allSettled(Array.from({ length: 2 }, () => search(connection)));
  for (let second = 0; second < 60; second++) {
    expect(connection.isReachable()).toBe(false);
    await search(connection).catch(() => undefined);
    expect(connection.isReachable()).toBe(false);
    clock.advance(1_000);
  }
});

/** Listens, tells its port, and stops for good before it accepts any connection. */
const deafListener = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

test('a host that lets nobody connect is spared', async () => {
  const worker = new Worker(deafListener, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  // The system itself connects these; with its queue full it leaves the others waiting.
  const queued = Array.from({ length: 8 }, () => openSocket(port, '127.0.0.1'));
  try {
    for (const socket of queued) socket.on('error', () => undefined);
    await expect.poll(() => queued.some(({ connecting }) => !connecting)).toBe(true);
    const connection = connectTo(`http://127.0.0.1:${port}`, 50);
    await Promise.allSettled(Array.from({ length: 5 }, () => search(connection)));
    await expect.poll(connection.isReachable).toBe(false);
    await expect(search(connection)).rejects.toMatchObject(paused);
  } finally {
    for (const socket of queued) socket.destroy();
    await worker.terminate();
  }
});

test('a host that ignores us is spared', () =>
  withConnection(
    async (subject) => {
      subject.finally(ignores);
      await Promise.all(Array.from({ length: 5 }, () => failing(subject)));
      await expect.poll(subject.isReachable).toBe(false);
      await expect(search(subject)).rejects.toMatchObject(paused);
    },
    { timeoutMs: 50 },
  ));

test.each([400, 401, 403, 404, 409, 429, 500])('%i from a host shows that it lives', (status) =>
  withConnection(async (subject) => {
    subject.finally(answers(status));
    for (let call = 0; call < 6; call++) {
      expect(await failing(subject)).toMatchObject({
        code: 'unavailable',
        message: expect.not.stringContaining(paused.message),
      });
    }
    expect(subject.isReachable()).toBe(true);
  }),
);

test('what was sent before the pause stays an unknown outcome', () =>
  withConnection(async (subject) => {
    const { run, stripe } = subject;
    subject.finally(cuts);
    await failing(subject);
    const create = run(() => stripe.customers.create({}));
    await expect(create).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(subject.isReachable()).toBe(false);
    const later = run(() => stripe.customers.create({}));
    await expect(later).rejects.toMatchObject(paused);
  }));
