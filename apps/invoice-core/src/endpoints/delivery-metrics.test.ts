import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { create, deliveriesOf } from './endpoints-under-test.ts';
import { answering, deadUrl } from './receiver-under-test.ts';
import { openSending, type SendingUnderTest } from './sending-under-test.ts';

/** The value of each sample, by its name and labels. */
const samplesOf = async ({ app }: SendingUnderTest): Promise<Record<string, number>> => {
  const lines = (await app.core.metrics()).split('\n');
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    samples.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
};

test('tells what is pending, since when, and what came of every try', async () => {
  await using it = await openSending();
  const results = ['succeeded', 'rejected', 'timeout', 'unreachable', 'refused'];
  const attempts = (result: string): string =>
    `quittance_delivery_attempts_total{result="${result}"}`;
  expect(await samplesOf(it)).toMatchObject({
    quittance_deliveries_pending: 0,
    quittance_delivery_oldest_pending_seconds: 0,
    quittance_delivery_attempt_seconds_count: 0,
    ...Object.fromEntries(results.map((result) => [attempts(result), 0])),
  });

  const { endpoint } = await it.listen('/hook');
  await it.listen(await deadUrl());
  await create(it);
  it.clock.advance(90_000);
  expect(await samplesOf(it)).toMatchObject({
    quittance_deliveries_pending: 4,
    quittance_delivery_oldest_pending_seconds: 90,
  });
  it.answer(answering(500));
  await it.app.work();
  it.answer(answering(200));
  it.clock.advance(10_000);
  await it.app.work();
  expect(await deliveriesOf(it, { endpointId: endpoint.id, state: 'pending' })).toEqual([]);
  expect(await samplesOf(it)).toMatchObject({
    quittance_deliveries_pending: 2,
    quittance_delivery_oldest_pending_seconds: 100,
    quittance_delivery_attempt_seconds_count: 8,
    'quittance_delivery_attempt_seconds_bucket{le="15"}': 8,
    [attempts('succeeded')]: 2,
    [attempts('rejected')]: 2,
    [attempts('unreachable')]: 4,
    [attempts('timeout')]: 0,
  });
});

test('what is pending is read from an index alone', async () => {
  await using it = await openSending();
  const { rows } = await sql<{ detail: string }>`explain query plan
    select count(*), min(id) from deliveries where state = 'pending'`.execute(it.store.read);
  expect(rows.map(({ detail }) => detail).join('; ')).toMatch(
    /^SCAN deliveries USING COVERING INDEX deliveries_(due|pending)$/,
  );
});

test('two cores count for themselves', async () => {
  await using it = await openSending();
  const other = await it.restart();
  await it.listen('/hook');
  await create(it);
  await it.app.work();
  expect(await other.core.metrics()).toContain(
    'quittance_delivery_attempts_total{result="succeeded"} 0',
  );
});
