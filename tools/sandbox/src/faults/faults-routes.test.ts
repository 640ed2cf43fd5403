import { expect, test } from 'vitest';
import { startSandbox } from '../testing/start-sandbox.ts';

test('shows the seed, sets faults and goes back', async () => {
  await using started = await startSandbox({ env: { SANDBOX_FAULT_SEED: '7' } });
  const initial = {
    seed: 7,
    latency_ms: 0,
    probabilities: {},
    script: [],
    ordinals: { requests: 0, webhooks: 0 },
    injected: [],
  };
  const shown = await fetch(`${started.url}/_sandbox/faults`);
  expect(await shown.json()).toMatchObject(initial);

  const set = await started.putFaults({ probabilities: { rate_limit: 1 } });
  expect(await set.json()).toMatchObject({ seed: 7, probabilities: { rate_limit: 1 } });
  expect((await started.call('GET', '/v1/customers')).status).toBe(429);
  const after = await fetch(`${started.url}/_sandbox/faults`);
  expect(await after.json()).toMatchObject({
    ordinals: { requests: 1 },
    injected: [{ ordinal: 0, fault: 'rate_limit', target: 'GET /v1/customers', scripted: false }],
  });

  expect(await (await started.putFaults({ seed: 9 })).json()).toMatchObject({ seed: 9 });
  const reset = await fetch(`${started.url}/_sandbox/faults`, { method: 'DELETE' });
  expect(await reset.json()).toMatchObject(initial);
});

test.each([
  [{ probabilities: { rate_limit: 2 } }, 'probabilities.rate_limit'],
  [{ probabilities: { meteor: 1 } }, 'probabilities'],
  [{ latency_ms: -1 }, 'latency_ms'],
  [{ latency_ms: { min: 5, max: 1 } }, 'latency_ms'],
  [{ speed: 1 }, ''],
  [{ script: [{ fault: 'hang_after', match: 'everything' }] }, 'script.0.match'],
  [{ script: [{ fault: 'late_after', match: '* *' }] }, 'script.0.late_ms'],
  [{ script: [{ fault: 'meteor', match: '* *' }] }, 'script.0.fault'],
])('refuses %j and names the field', async (config, param) => {
  await using started = await startSandbox();
  const answer = await started.putFaults(config);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { issues: [{ param }] } });
});

test('refuses what is not JSON', async () => {
  await using started = await startSandbox();
  const answer = await fetch(`${started.url}/_sandbox/faults`, { method: 'PUT', body: '{' });
  expect(answer.status).toBe(400);
});
