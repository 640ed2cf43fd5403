import type { EndpointOfCaller } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';
import { addEndpoint, create, deliveriesOf, stranger } from './endpoints-under-test.ts';

test('another account cannot see, change, replay or remove it', async () => {
  await using core = await openCore();
  const { endpoint } = await addEndpoint(core);
  await create(core);
  const [delivery] = await deliveriesOf(core);
  const caller = await stranger(core);
  const { endpoints, deliveries, events } = core.app.core;
  const ofEndpoint: EndpointOfCaller = { caller, id: endpoint.id };
  const ofDelivery = { caller, id: delivery?.id ?? '' };
  const filter = { endpointId: endpoint.id };
  const tried = await Promise.allSettled([
    endpoints.get(ofEndpoint),
    endpoints.update({ ...ofEndpoint, enabled: false }),
    endpoints.remove(ofEndpoint),
    endpoints.rotateSecret(ofEndpoint),
    endpoints.test(ofEndpoint),
    endpoints.replay({ ...ofEndpoint, what: { kind: 'failed' } }),
    deliveries.get(ofDelivery),
    deliveries.attempts(ofDelivery),
    deliveries.replay(ofDelivery),
    deliveries.list({ caller, filter, after: null, limit: 10 }),
    events.message({ caller, position: 1 }),
  ]);
  for (const one of tried) {
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
  }
  expect(await endpoints.list({ caller })).toEqual([]);
  expect(await deliveriesOf({ app: core.app, caller })).toEqual([]);
  expect(await endpoints.get({ caller: core.caller, id: endpoint.id })).toEqual(endpoint);
});
