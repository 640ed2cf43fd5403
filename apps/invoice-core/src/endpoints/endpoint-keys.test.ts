import type { Endpoint } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { findKey, keepKey } from '../invoices/idempotency.ts';
import { addEndpoint, url } from './endpoints-under-test.ts';
import { seal } from './secrets.ts';

/** A request for an endpoint as it was kept before endpoints had projects, formats and schedules. */
const keptBefore = ({ caller }: CoreUnderTest) => ({
  userId: caller.userId,
  key: 'key-1',
  request: ['endpoints.create', url, null, ['invoice.paid'], [['X-A', 'a']], false],
});

const asked = {
  idempotencyKey: 'key-1',
  eventTypes: ['invoice.paid' as const],
  headers: { 'X-A': 'a' },
};

test('a key stands for the same request as before there were projects', async () => {
  await using core = await openCore();
  await addEndpoint(core, asked);
  expect(await findKey(core.store.read, keptBefore(core))).toMatchObject({ id: 1 });
});

test('an answer from before there were projects is given again', async () => {
  await using core = await openCore();
  const { endpoint, secret } = await addEndpoint(core);
  const { projectId: _p, format: _f, retries: _r, ...before }: Endpoint = endpoint;
  const outcome = seal(core, JSON.stringify({ endpoint: before, secret }));
  const kept = { subject: 'endpoint:1', outcome, now: core.clock.now() } as const;
  await core.store.write((tx) => keepKey(tx, keptBefore(core), kept));
  expect(await addEndpoint(core, asked)).toEqual({ endpoint, secret });
  expect(await core.app.core.endpoints.list({ caller: core.caller })).toHaveLength(1);
});

test('a format or a schedule of its own is another request than none', async () => {
  await using core = await openCore();
  await addEndpoint(core, asked);
  for (const change of [{ format: 'bitsby' as const }, { retries: 'bitsby' as const }]) {
    await expect(addEndpoint(core, { ...asked, ...change })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  }
});

test('another project, format or schedule is another request', async () => {
  await using core = await openCore();
  const project = await core.addProject();
  const first = await addEndpoint(core, { ...asked, projectId: project.id });
  expect(await addEndpoint(core, { ...asked, projectId: project.id })).toEqual(first);
  const other = await core.addProject('shop_2');
  for (const change of [
    {},
    { projectId: other.id },
    { projectId: project.id, format: 'bitsby' as const },
    { projectId: project.id, retries: 'bitsby' as const },
  ]) {
    await expect(addEndpoint(core, { ...asked, ...change })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  }
});
