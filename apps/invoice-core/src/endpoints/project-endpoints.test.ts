import type { UpdateEndpoint } from '@quittance/contracts';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { openCore } from '../core-under-test.ts';
import { createBitsby } from './bitsby-under-test.ts';
import {
  addEndpoint,
  create,
  deliveriesOf,
  endpointOf,
  stranger,
  typesOf,
  url,
} from './endpoints-under-test.ts';

const openShops = async () => {
  const core = await openCore();
  const [one, two] = [await core.addProject('shop_1'), await core.addProject('shop_2')];
  return { core, one, two };
};

test('an endpoint of a project is told of that project’s invoices, by whatever provider', async () => {
  const { core, one, two } = await openShops();
  await using _ = core;
  const all = await addEndpoint(core);
  const ofOne = await addEndpoint(core, { projectId: one.id });
  const ofTwo = await addEndpoint(core, { projectId: two.id });
  const none = await create(core);
  const byCard = await create(core, { projectId: one.id });
  const byCrypto = await createBitsby(core, two);
  const toldOf = async (endpointId: string): Promise<(string | null)[]> => {
    const deliveries = await deliveriesOf(core, { endpointId });
    expect(typesOf(deliveries)).toEqual(
      deliveries.map((_delivery, index) => (index % 2 ? 'invoice.opened' : 'invoice.created')),
    );
    return [...new Set(deliveries.map(({ invoicePublicId }) => invoicePublicId))];
  };
  expect(await toldOf(all.endpoint.id)).toEqual(
    [none, byCard, byCrypto].map(({ publicId }) => publicId),
  );
  expect(await toldOf(ofOne.endpoint.id)).toEqual([byCard.publicId]);
  expect(await toldOf(ofTwo.endpoint.id)).toEqual([byCrypto.publicId]);
});

test('nothing is written of an invoice that only another project’s endpoint would be told of', async () => {
  const { core, one, two } = await openShops();
  await using _ = core;
  await addEndpoint(core, { projectId: one.id });
  await create(core);
  await createBitsby(core, two);
  expect(await deliveriesOf(core)).toEqual([]);
  expect(await core.store.read.selectFrom('webhook_messages').selectAll().execute()).toEqual([]);
});

test('that an endpoint was disabled is told to those of no project, whoever it was of', async () => {
  const { core, one } = await openShops();
  await using _ = core;
  const all = await addEndpoint(core);
  const [ofOne] = [
    await addEndpoint(core, { projectId: one.id }),
    await addEndpoint(core, { projectId: one.id, eventTypes: ['endpoint.disabled'] }),
  ];
  const { caller } = core;
  await core.app.core.endpoints.update({ caller, id: ofOne.endpoint.id, enabled: false });
  expect(await deliveriesOf(core)).toMatchObject([
    { endpointId: all.endpoint.id, type: 'endpoint.disabled' },
  ]);
});

test('a range is replayed to a project of its own invoices alone', async () => {
  const { core, one, two } = await openShops();
  await using _ = core;
  const since = new Date(core.clock.now()).toISOString();
  await create(core);
  const byCard = await create(core, { projectId: one.id });
  await createBitsby(core, two);
  const { endpoint } = await addEndpoint(core, { projectId: one.id });
  const all = await addEndpoint(core);
  await core.app.core.endpoints.update({
    caller: core.caller,
    id: all.endpoint.id,
    enabled: false,
  });
  await core.app.core.endpoints.update({ caller: core.caller, id: all.endpoint.id, enabled: true });
  const until = new Date(core.clock.now() + 1).toISOString();
  const what = { kind: 'range', since, until } as const;
  const { caller } = core;
  const replay = (id: string) => core.app.core.endpoints.replay({ caller, id, what });
  expect(await replay(endpoint.id)).toEqual({ deliveries: 2 });
  const told = await deliveriesOf(core, { endpointId: endpoint.id });
  expect(told.map(({ invoicePublicId }) => invoicePublicId)).toEqual(
    Array(2).fill(byCard.publicId),
  );
  // Three invoices and the endpoint's own event.
  expect(await replay(all.endpoint.id)).toEqual({ deliveries: 7 });
});

describe('what it is for', () => {
  test('is shown wherever the endpoint is, and stays', async () => {
    const { core, one } = await openShops();
    await using _ = core;
    const retries = 'bitsby' as const;
    const made = await addEndpoint(core, { projectId: one.id, format: 'bitsby', retries });
    const shown = { projectId: one.id, format: 'bitsby', retries };
    const ofCaller = { caller: core.caller, id: made.endpoint.id };
    const { endpoints } = core.app.core;
    expect(made.endpoint).toMatchObject(shown);
    expect(await endpoints.get(ofCaller)).toEqual(made.endpoint);
    expect(await endpoints.list({ caller: core.caller })).toEqual([made.endpoint]);
    expect(await endpoints.rotateSecret(ofCaller)).toMatchObject({ endpoint: made.endpoint });
    const moved = await endpoints.update({ ...ofCaller, url: `${url}/2` });
    expect(moved).toMatchObject(shown);
    const later = await endpoints.update({ ...ofCaller, retries: 'standard' });
    expect(later).toEqual({ ...moved, retries: 'standard' });
    expect(await endpoints.remove(ofCaller)).toEqual(later);
    expectTypeOf<UpdateEndpoint>().not.toHaveProperty('projectId');
    expectTypeOf<UpdateEndpoint>().not.toHaveProperty('format');
  });

  test('is a project of its own account', async () => {
    const { core, one } = await openShops();
    await using _ = core;
    const caller = await stranger(core);
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const [request, id] of [
      [endpointOf({ caller }, { projectId: one.id }), one.id],
      [endpointOf(core, { projectId: unknown }), unknown],
    ] as const) {
      await expect(core.app.core.endpoints.create(request)).rejects.toMatchObject({
        code: 'not_found',
        param: 'projectId',
        message: `No project ${id}`,
      });
      expect(await core.app.core.endpoints.list(request)).toEqual([]);
    }
  });
});
