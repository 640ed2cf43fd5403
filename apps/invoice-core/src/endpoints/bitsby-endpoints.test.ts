import { describe, expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';
import { createBitsby, openShop, payBitsby, readBitsby } from './bitsby-under-test.ts';
import {
  addEndpoint,
  create,
  deliveriesOf,
  messageAt,
  pay,
  typesOf,
} from './endpoints-under-test.ts';
import { answering } from './receiver-under-test.ts';
import { openSending } from './sending-under-test.ts';

const serviceData = '{"order": "7"}\r\n✈ 😀 "0"';

test('it is told that an invoice of Bitsby was paid, and of nothing else', async () => {
  await using core = await openCore();
  const project = await core.addProject();
  const ofShop = await addEndpoint(core, { projectId: project.id, format: 'bitsby' });
  const ofAll = await addEndpoint(core, { format: 'bitsby' });
  const standard = await addEndpoint(core, { projectId: project.id });
  await create(core, { projectId: project.id });
  await pay(core);
  expect(typesOf(await deliveriesOf(core, { endpointId: ofShop.endpoint.id }))).toEqual([]);
  expect(typesOf(await deliveriesOf(core, { endpointId: ofAll.endpoint.id }))).toEqual([]);

  const paid = await createBitsby(core, project);
  await payBitsby(core, project);
  for (const { endpoint } of [ofShop, ofAll]) {
    expect(await deliveriesOf(core, { endpointId: endpoint.id })).toMatchObject([
      { type: 'invoice.paid', invoicePublicId: paid.publicId },
    ]);
  }
  const told = await deliveriesOf(core, {
    endpointId: standard.endpoint.id,
    invoicePublicId: paid.publicId,
  });
  expect(typesOf(told)).toEqual(['invoice.created', 'invoice.opened', 'invoice.paid']);
  const formats = await core.store.read
    .selectFrom('webhook_messages')
    .select('format')
    .where('position', '=', told.at(-1)?.position ?? 0)
    .orderBy('format')
    .execute();
  expect(formats.map(({ format }) => format)).toEqual(['bitsby', 'standard']);
});

test('of an invoice of no project it is not told, and that is no obstacle to its being paid', async () => {
  await using core = await openCore();
  const project = await core.addProject();
  await addEndpoint(core, { format: 'bitsby' });
  await createBitsby(core, project);
  await core.store.write((tx) => tx.updateTable('invoices').set({ project_id: null }).execute());
  await core.bitsby.pay('hint_1');
  core.clock.advance(24 * 3_600_000);
  await core.app.work();
  const { caller } = core;
  expect(await core.app.core.invoices.get({ caller, id: 1, at: null })).toMatchObject({
    status: 'paid',
  });
  expect(await deliveriesOf(core)).toEqual([]);
});

test('the shop gets its own data byte for byte, signed, in Bitsby’s body', async () => {
  const { it, project } = await openShop();
  await using _ = it;
  const description = 'Ein Flug nach Ålesund';
  const invoice = await createBitsby(it, project, { payload: serviceData, description });
  await payBitsby(it, project, { value: 2100 });
  await it.app.work();
  expect(it.receiver.forged).toEqual([]);
  const [received, ...more] = it.receiver.received;
  expect(more).toEqual([]);
  const [delivery] = await deliveriesOf(it);
  expect(received?.webhookId).toBe(delivery?.webhookId);
  expect(received?.headers).toMatchObject({ 'content-type': 'application/json' });
  const { payments } = await it.app.core.invoices.get({ caller: it.caller, id: 1, at: null });
  const [payment] = payments;
  expect(readBitsby(received?.body)).toEqual({
    wallet: {
      id: payment?.crypto?.wallet?.id,
      name: payment?.crypto?.wallet?.name,
      blockchain: payment?.crypto?.blockchain,
      cryptocurrency: payment?.crypto?.cryptocurrency,
      address: payment?.crypto?.wallet?.address,
    },
    project: { id: project.id, name: project.name },
    invoice: {
      id: 'hint_1',
      uid: 'uid_1',
      createDatetime: invoice.createdAt.slice(0, 19).replace('T', ' '),
      timeToPayDatetime: invoice.expiresAt?.slice(0, 19).replace('T', ' '),
      amountFiat: '20.50',
      calcAmountFiat: '21.00',
      currencyFiat: 'USD',
      description,
      serviceData,
      status: 'paid',
    },
    payment: {
      id: payment?.ref,
      amount: payment?.crypto?.amount,
      hash: payment?.crypto?.hash,
      transactionDatetime: payment?.paidAt.slice(0, 19).replace('T', ' '),
    },
  });
  // The feed's own words are the standard ones.
  expect(await messageAt(it, delivery?.position ?? 0)).toMatchObject({
    type: 'invoice.paid',
    data: { invoice: { payload: serviceData, projectId: project.id } },
  });
});

test.each(['', '0'])('data of %j is not taken for none', async (payload) => {
  await using core = await openCore();
  const project = await core.addProject();
  await addEndpoint(core, { format: 'bitsby' });
  await createBitsby(core, project, { payload });
  await payBitsby(core, project);
  const message = await core.store.read
    .selectFrom('webhook_messages')
    .select('body')
    .executeTakeFirst();
  expect(readBitsby(message?.body).invoice.serviceData).toBe(payload);
});

describe('who asks for events that Bitsby has no word for', () => {
  const refused = { code: 'invalid_request', param: 'eventTypes' };

  test('is refused, unless the one it has is among them', async () => {
    await using core = await openCore();
    const format = 'bitsby';
    await expect(
      addEndpoint(core, { format, eventTypes: ['invoice.expired', 'endpoint.disabled'] }),
    ).rejects.toMatchObject(refused);
    expect(await core.app.core.endpoints.list({ caller: core.caller })).toEqual([]);
    const project = await core.addProject();
    const eventTypes = ['invoice.created' as const, 'invoice.paid' as const];
    await addEndpoint(core, { format, eventTypes });
    await addEndpoint(core, { format, eventTypes: null });
    await createBitsby(core, project);
    await payBitsby(core, project);
    expect(typesOf(await deliveriesOf(core))).toEqual(['invoice.paid', 'invoice.paid']);
  });

  test('later is refused too', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core, { format: 'bitsby' });
    const ofCaller = { caller: core.caller, id: endpoint.id };
    const { endpoints } = core.app.core;
    await expect(
      endpoints.update({ ...ofCaller, eventTypes: ['invoice.expired'] }),
    ).rejects.toMatchObject(refused);
    expect(await endpoints.get(ofCaller)).toEqual(endpoint);
    const eventTypes = ['invoice.paid' as const];
    expect(await endpoints.update({ ...ofCaller, eventTypes })).toMatchObject({ eventTypes });
    const standard = await addEndpoint(core);
    const other = { ...ofCaller, id: standard.endpoint.id };
    await endpoints.update({ ...other, eventTypes: ['invoice.expired'] });
  });
});

describe('replayed', () => {
  test('a delivery says the same again, in its own format', async () => {
    const { it, project } = await openShop();
    await using _ = it;
    await createBitsby(it, project, { payload: serviceData });
    await payBitsby(it, project);
    await it.app.work();
    await it.store.write(async (tx) => {
      await tx.deleteFrom('webhook_messages').execute();
    });
    const [delivery] = await deliveriesOf(it);
    const ofCaller = { caller: it.caller, id: delivery?.id ?? '' };
    await it.app.core.deliveries.replay(ofCaller);
    await it.app.work();
    const [first, second] = it.receiver.received;
    expect(second).toMatchObject({ webhookId: first?.webhookId, body: first?.body });
    const stored = await it.store.read.selectFrom('webhook_messages').selectAll().execute();
    expect(stored).toEqual([{ position: delivery?.position, format: 'bitsby', body: first?.body }]);
  });

  test('a range from before there was the endpoint has what it can be told, and no more', async () => {
    await using it = await openSending();
    const project = await it.addProject();
    const since = new Date(it.clock.now()).toISOString();
    await it.listen('/all');
    await create(it, { projectId: project.id });
    await pay(it);
    await createBitsby(it, project, { payload: serviceData });
    await payBitsby(it, project);
    await createBitsby(it, project);
    await it.app.work();
    const before = await it.store.read.selectFrom('webhook_messages').selectAll().execute();
    const { endpoint } = await it.listen('/shop', { projectId: project.id, format: 'bitsby' });
    const until = new Date(it.clock.now() + 1).toISOString();
    const what = { kind: 'range', since, until } as const;
    const replayed = await it.app.core.endpoints.replay({
      caller: it.caller,
      id: endpoint.id,
      what,
    });
    expect(replayed).toEqual({ deliveries: 1 });
    const stored = it.store.read.selectFrom('webhook_messages').selectAll();
    const [made, ...others] = await stored.where('format', '=', 'bitsby').execute();
    expect(others).toEqual([]);
    expect(await stored.where('format', '=', 'standard').execute()).toEqual(before);
    await it.app.work();
    expect(it.arrived('/shop')).toHaveLength(1);
    const told = it.receiver.received.find(({ path }) => path === '/shop');
    expect(told?.body).toBe(made?.body);
    expect(readBitsby(told?.body).invoice).toMatchObject({ id: 'hint_1', serviceData });
  });
});

test('a ping is no message of Bitsby’s, which would tell of money; it is answered by 200 alone', async () => {
  const { it, endpoint } = await openShop();
  await using _ = it;
  const ping = () => it.app.core.endpoints.test({ caller: it.caller, id: endpoint.id });
  it.answer(answering(202));
  expect((await ping()).attempt).toMatchObject({ result: 'rejected', httpStatus: 202 });
  it.answer(answering(200));
  expect((await ping()).attempt).toMatchObject({ result: 'succeeded', httpStatus: 200 });
  for (const { body } of it.receiver.received) {
    expect(JSON.parse(body)).toMatchObject({ type: 'endpoint.test' });
    expect(body).not.toContain('paid');
  }
});
