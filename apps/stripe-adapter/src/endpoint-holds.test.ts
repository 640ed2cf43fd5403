import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import {
  answers,
  type ConnectionUnderTest,
  cuts,
  withConnection,
} from './connection-under-test.ts';

const limited = (seconds: number) => answers(429, { 'retry-after': String(seconds) });

const create = ({ run, stripe }: ConnectionUnderTest) =>
  run(() => stripe.customers.create({}, { idempotencyKey: 'key-1' }));
const held = (seconds: number) => ({
  code: 'unavailable',
  message: `Stripe has asked us to wait for another ${seconds} s`,
});

test('what a 429 has asked for keeps every later call from being sent until then', () =>
  withConnection(async (subject) => {
    const { requests, waits, advance } = subject;
    subject.script(limited(60));
    await expect(create(subject)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Stripe has asked us to wait (429)',
    });
    for (const seconds of [60, 50, 40, 30, 20, 10]) {
      await expect(create(subject)).rejects.toMatchObject(held(seconds));
      advance(10_000);
      expect(requests).toHaveLength(1);
    }
    expect(waits).toEqual([]);
    await create(subject);
    expect(requests).toHaveLength(2);
    expect(waits).toEqual([]);
  }));

test('a call that has the time waits and is sent when it is due, to the ms', () =>
  withConnection(async (subject) => {
    subject.script(limited(60));
    await expect(create(subject)).rejects.toMatchObject({ code: 'unavailable' });
    subject.advance(50_000);
    await expect(create(subject)).rejects.toMatchObject(held(10));
    subject.advance(1);
    await create(subject);
    expect(subject.waits).toEqual([9_999]);
    expect(subject.requests).toHaveLength(2);
  }));

test('to have waited takes none of the retries', () =>
  withConnection(async (subject) => {
    subject.script(limited(60), cuts, cuts);
    await expect(create(subject)).rejects.toMatchObject({ code: 'unavailable' });
    subject.advance(55_000);
    await create(subject);
    expect(subject.waits[0]).toBe(5_000);
    expect(subject.requests).toHaveLength(4);
  }));

test('all objects of an endpoint are held, other endpoints are not', () =>
  withConnection(async ({ run, stripe, script, requests }) => {
    const { paymentIntents } = stripe;
    script(limited(60));
    await expect(run(() => paymentIntents.retrieve('pi_1A'))).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(run(() => paymentIntents.retrieve('pi_2b'))).rejects.toMatchObject(held(60));
    expect(requests).toHaveLength(1);
    await run(() => paymentIntents.cancel('pi_1A'));
    await run(() => paymentIntents.list({ customer: 'cus_1' }));
    expect(requests).toHaveLength(3);
  }));

test('who waited for a slot when Stripe asked to wait is not sent either', () =>
  withConnection(
    async (subject) => {
      const first = Promise.withResolvers<ServerResponse>();
      subject.finally(first.resolve);
      const calls = Array.from({ length: 5 }, () => create(subject));
      const settled = Promise.allSettled(calls);
      limited(60)(await first.promise);
      const [asked, ...others] = await settled;
      expect(asked).toMatchObject({ reason: { message: 'Stripe has asked us to wait (429)' } });
      for (const other of others) expect(other).toMatchObject({ reason: held(60) });
      expect(subject.requests).toHaveLength(1);
    },
    { concurrency: 1 },
  ));

test('of several 429s at once the longest wait counts', () =>
  withConnection(async (subject) => {
    const first = Promise.withResolvers<ServerResponse>();
    const second = Promise.withResolvers<ServerResponse>();
    subject.script(first.resolve, second.resolve);
    const calls = [create(subject), create(subject)].map((call) => call.catch(() => undefined));
    const [longer, shorter] = await Promise.all([first.promise, second.promise]);
    limited(60)(longer);
    await Promise.race(calls);
    limited(30)(shorter);
    await Promise.all(calls);
    await expect(create(subject)).rejects.toMatchObject(held(60));
    expect(subject.requests).toHaveLength(2);
  }));

test('a retry that may not be sent leaves unknown what the first try did', () =>
  withConnection(async (subject) => {
    const first = Promise.withResolvers<ServerResponse>();
    subject.script(first.resolve, limited(60));
    const cut = create(subject);
    const response = await first.promise;
    await expect(create(subject)).rejects.toMatchObject({ code: 'unavailable' });
    cuts(response);
    await expect(cut).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(subject.requests).toHaveLength(2);
  }));

test.each([
  ['in seconds', { 'retry-after': '86400' }],
  [
    'as a date',
    { date: 'Fri, 02 Jan 2026 00:00:00 GMT', 'retry-after': 'Sat, 02 Jan 2027 00:00:00 GMT' },
  ],
])('of a wait %s ten minutes are believed', (_title, headers) =>
  withConnection(async (subject) => {
    subject.script(answers(429, headers));
    await expect(create(subject)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(create(subject)).rejects.toMatchObject(held(600));
    subject.advance(600_000);
    await create(subject);
    expect(subject.requests).toHaveLength(2);
    expect(subject.waits).toEqual([]);
  }),
);

test('a 503 that asks for time holds nobody else', () =>
  withConnection(async (subject) => {
    subject.script(answers(503, { 'retry-after': '60' }));
    await expect(create(subject)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await create(subject);
    expect(subject.requests).toHaveLength(2);
  }));
