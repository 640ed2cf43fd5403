import { expect, test } from 'vitest';
import {
  answers,
  type ConnectionUnderTest,
  cuts,
  cutsBody,
  ignores,
  succeeds,
  withConnection,
} from './connection-under-test.ts';

const create = ({ run, stripe }: ConnectionUnderTest) =>
  run(() => stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'key-1' }));
const search = ({ run, stripe }: ConnectionUnderTest) =>
  run(() => stripe.customers.search({ query: "name:'Ada'" }));

const date = 'Fri, 02 Jan 2026 00:00:00 GMT';

test.each([
  ['a 429', 429, { 'retry-after': '2' }, 2_000],
  ['a 503', 503, { 'retry-after': '3' }, 3_000],
  ['a 429 with a date', 429, { date, 'retry-after': 'Fri, 02 Jan 2026 00:00:07 GMT' }, 7_000],
])('%s is repeated after as long as it asks for, to the ms', (_title, status, headers, ms) =>
  withConnection(async (subject) => {
    subject.script(answers(status, headers));
    expect(await create(subject)).toMatchObject({ id: 'cus_1' });
    expect(subject.waits).toEqual([ms]);
    const [first, second, ...more] = subject.requests.map(({ call, headers: sent, body }) => [
      call,
      sent['idempotency-key'],
      body,
    ]);
    expect(first).toEqual(['POST /v1/customers', 'key-1', 'name=Ada']);
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  }),
);

test.each([
  ['in the past', { date, 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' }],
  ['of nothing', { 'retry-after': '0' }],
  ['that cannot be read', { 'retry-after': 'later' }],
])('a Retry-After %s does not make us hammer', (_title, headers) =>
  withConnection(async (subject) => {
    subject.script(answers(429, headers));
    await create(subject);
    expect(subject.waits).toEqual([expect.toSatisfy((ms: number) => ms >= 125 && ms <= 250)]);
  }),
);

test('a 429 that never ends is unavailable within the time, after waits that grow, by chance', () =>
  withConnection(async (subject) => {
    subject.finally(answers(429));
    await expect(create(subject)).rejects.toMatchObject({ code: 'unavailable' });
    const { waits, requests } = subject;
    for (const [index, ms] of waits.entries()) {
      const most = Math.min(250 * 2 ** index, 4_000);
      expect(ms).toBeGreaterThanOrEqual(most / 2);
      expect(ms).toBeLessThanOrEqual(most);
    }
    expect(waits.length).toBeGreaterThanOrEqual(4);
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
    expect(requests).toHaveLength(waits.length + 1);

    subject.advance(10_000);
    const before = waits.length;
    await expect(create(subject)).rejects.toMatchObject({ code: 'unavailable' });
    expect(waits.slice(before)).not.toEqual(waits.slice(0, before));
  }));

test.each([
  ['429', answers(429, { 'retry-after': '10' }), 'unavailable'],
  ['503', answers(503, { 'retry-after': '10' }), 'outcome_unknown'],
])('a %s that asks for more time than there is ends the call at once', (_title, step, code) =>
  withConnection(async (subject) => {
    subject.finally(step);
    await expect(create(subject)).rejects.toMatchObject({ code });
    expect(subject.waits).toEqual([]);
    expect(subject.requests).toHaveLength(1);
  }),
);

test.each([
  ['a 500', answers(500), 3],
  ['a 409', answers(409), 3],
  ['a cut connection', cuts, 3],
  ['a cut body', cutsBody, 3],
  ['a 500 that is a replay', answers(500, { 'idempotent-replayed': 'true' }), 1],
  ['a 500 not worth a retry', answers(500, { 'stripe-should-retry': 'false' }), 1],
])('%s, again and again, ends the call: unknown for a POST, not for a GET', (_title, step, tries) =>
  withConnection(async (subject) => {
    subject.finally(step);
    await expect(create(subject)).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(subject.requests).toHaveLength(tries);
    subject.script(succeeds);
    await search(subject);
    await expect(search(subject)).rejects.toMatchObject({ code: 'unavailable' });
  }),
);

test.each([
  ['a 500', answers(500)],
  ['a 409', answers(409)],
  ['a cut connection', cuts],
  ['a cut body', cutsBody],
  ['what is worth a retry', answers(400, { 'stripe-should-retry': 'true' })],
  ['a 429, even with advice not to', answers(429, { 'stripe-should-retry': 'false' })],
])('%s that passes is not noticed', (_title, step) =>
  withConnection(async (subject) => {
    subject.script(step, step);
    expect(await create(subject)).toMatchObject({ id: 'cus_1' });
    expect(subject.requests).toHaveLength(3);
  }),
);

test.each([
  ['a refusal', answers(400), 'outcome_unknown'],
  ['the kept refusal', answers(400, { 'idempotent-replayed': 'true' }), 'unavailable'],
  ['a success', succeeds, 'unavailable'],
])('what a cut POST did is as clear as %s under its key makes it', (_title, answer, code) =>
  withConnection(async (subject) => {
    const { run, stripe, script } = subject;
    script(cuts, answer, answers(400));
    const work = run(async () => {
      await stripe.customers.create({}).catch(() => undefined);
      return stripe.customers.search({ query: 'x' });
    });
    await expect(work).rejects.toMatchObject({ code });
  }),
);

test('no answer in time is an unknown outcome for a POST only', () =>
  withConnection(
    async (subject) => {
      subject.finally(ignores);
      const [created, searched] = await Promise.allSettled([create(subject), search(subject)]);
      expect(created).toMatchObject({ reason: { code: 'outcome_unknown' } });
      expect(searched).toMatchObject({ reason: { code: 'unavailable' } });
    },
    { timeoutMs: 50 },
  ));

test('a retry that comes due when the call is over is not sent', () => {
  const due = Promise.withResolvers<void>();
  return withConnection(
    async ({ run, stripe, script, requests, waits }) => {
      script(answers(429));
      const asked = Promise.withResolvers<unknown>();
      const work = run(() => {
        const searched = stripe.customers.search({ query: 'x' });
        searched.catch(asked.resolve);
        return searched;
      });
      await expect(work).rejects.toMatchObject({ code: 'unavailable' });
      expect(waits).toHaveLength(1);
      due.resolve();
      await asked.promise;
      expect(requests).toHaveLength(1);
    },
    { timeoutMs: 260, wait: () => due.promise },
  );
});

test('nothing is told about us in passing', () =>
  withConnection(async (subject) => {
    subject.script(succeeds, answers(500), answers(400));
    await create(subject);
    await create(subject).catch(() => undefined);
    await search(subject);
    for (const { headers } of subject.requests) {
      expect(headers).not.toHaveProperty('x-stripe-client-telemetry');
    }
  }));
