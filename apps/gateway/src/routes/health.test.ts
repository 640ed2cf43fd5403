import { DomainError } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { openGateway } from '../gateway-under-test.ts';

test('ready, and which providers answer', async () => {
  const gateway = openGateway();
  const ready = { status: 'ready', providers: { stripe: 'reachable' } };
  expect(await gateway.send('GET /readyz')).toMatchObject({ status: 200, body: ready });
});

test('a provider that does not answer takes nothing out of rotation', async () => {
  const gateway = openGateway();
  gateway.providersAre({ stripe: 'unreachable' });
  const { status, body } = await gateway.send('GET /readyz');
  expect([status, body]).toEqual([
    200,
    { status: 'degraded', providers: { stripe: 'unreachable' } },
  ]);
});

test('a core that cannot serve does', async () => {
  const gateway = openGateway();
  gateway.failWith(new DomainError('unavailable', 'The database does not answer'));
  expect(await gateway.send('GET /readyz')).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
  });
  expect((await gateway.send('GET /healthz')).status).toBe(200);
});
