import { silentLogger } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { FaultConfig, requestFaults } from './fault-config.ts';
import { createFaults, type Faults } from './faults.ts';

const create = (config: object = {}): Faults => {
  const faults = createFaults({ seed: 7, latencyMs: 0, clock: () => 0, log: silentLogger });
  faults.configure(FaultConfig.parse(config));
  return faults;
};

const sequence = (faults: Faults, length = 500) =>
  Array.from({ length }, () => faults.forRequest('POST /v1/customers'));

const some = { server_error: 0.1, drop_after: 0.1, hang_after: 0.05 };

test('the same seed gives the same sequence, another seed another', () => {
  const first = sequence(
    create({ seed: 42, probabilities: some, latency_ms: { min: 1, max: 99 } }),
  );
  const second = sequence(
    create({ seed: 42, probabilities: some, latency_ms: { min: 1, max: 99 } }),
  );
  expect(second).toEqual(first);
  const other = sequence(
    create({ seed: 43, probabilities: some, latency_ms: { min: 1, max: 99 } }),
  );
  expect(other).not.toEqual(first);
});

test('strikes as often as its probability says, each kind on its own', () => {
  const struck = sequence(create({ probabilities: some }), 20_000).map(({ fault }) => fault);
  const share = (kind: string): number => struck.filter((fault) => fault === kind).length / 20_000;
  expect(share('server_error')).toBeCloseTo(0.1, 1);
  expect(share('drop_after')).toBeCloseTo(0.09, 1);
  expect(share('hang_after')).toBeGreaterThan(0.03);

  const without = sequence(create({ probabilities: { ...some, hang_after: 0 } }), 500);
  const kept = sequence(create({ probabilities: some }), 500).map(({ fault }) =>
    fault === 'hang_after' ? undefined : fault,
  );
  expect(without.map(({ fault }) => fault)).toEqual(kept);
});

test.each(requestFaults)('%s is certain at 1 and impossible at 0', (kind) => {
  const always = sequence(create({ probabilities: { [kind]: 1 } }), 20);
  expect(always.every(({ fault }) => fault === kind)).toBe(true);
  const never = sequence(create({ probabilities: { [kind]: 0 } }), 20);
  expect(never.every(({ fault }) => fault === undefined)).toBe(true);
});

test('scripted faults strike what they match, as often as they say, in order', () => {
  const faults = create({
    script: [
      { fault: 'drop_before', match: 'POST /v1/customers', times: 2 },
      { fault: 'rate_limit', match: '* /v1/*' },
      { fault: 'latency', match: 'GET *', latency_ms: 50 },
    ],
  });
  expect(faults.forRequest('POST /v1/payment_intents/pi_1').fault).toBe('rate_limit');
  expect(faults.forRequest('GET /v1/customers')).toEqual({ latencyMs: 50 });
  expect(sequence(faults, 3).map(({ fault }) => fault)).toEqual([
    'drop_before',
    'drop_before',
    undefined,
  ]);
  const { injected, script, ordinals } = faults.report();
  expect(script).toEqual([]);
  expect(ordinals.requests).toBe(5);
  expect(injected.map(({ fault, ordinal, scripted }) => [fault, ordinal, scripted])).toEqual([
    ['rate_limit', 0, true],
    ['latency', 1, true],
    ['drop_before', 2, true],
    ['drop_before', 3, true],
  ]);
});

test('latency stays within its range', () => {
  const latencies = sequence(create({ latency_ms: { min: 10, max: 20 } })).map(
    ({ latencyMs }) => latencyMs,
  );
  expect(Math.min(...latencies)).toBe(10);
  expect(Math.max(...latencies)).toBe(20);
});

test('the log is bounded', () => {
  const faults = create({ probabilities: { rate_limit: 1 } });
  sequence(faults, 1_500);
  const { injected, ordinals } = faults.report();
  expect(ordinals.requests).toBe(1_500);
  expect(injected).toHaveLength(1_000);
  expect(injected.at(-1)?.ordinal).toBe(1_499);
});
