import { expect, test } from 'vitest';
import { create, deliveriesOf, pay } from './endpoints-under-test.ts';
import { newDelivery } from './outbox.ts';
import { answering } from './receiver-under-test.ts';
import { openSending, statesOf } from './sending-under-test.ts';

/** Two invoices, of which the first one's first event is refused until told otherwise. */
const openTwo = async (ordered: boolean) => {
  const it = await openSending();
  await it.listen('/hook', { ordered });
  let refused: string | undefined;
  it.answer((response, { webhookId }) => {
    refused ??= webhookId;
    response.writeHead(webhookId === refused ? 500 : 200).end();
  });
  const first = await create(it);
  const other = await create(it);
  await it.app.work();
  return { it, first, other };
};

test('the order of an invoice is kept when its first event fails, and no other invoice waits', async () => {
  const { it, first, other } = await openTwo(true);
  await using _ = it;
  const statesOfInvoice = async (invoicePublicId: string) =>
    statesOf(await deliveriesOf(it, { invoicePublicId }));
  expect(await statesOfInvoice(other.publicId)).toEqual(['succeeded', 'succeeded']);
  expect(await statesOfInvoice(first.publicId)).toEqual(['pending', 'pending']);
  await pay(it);
  await it.app.work();
  const sentOf = async (): Promise<string[]> => {
    const ids = (await deliveriesOf(it, { invoicePublicId: first.publicId })).map(
      ({ webhookId }) => webhookId,
    );
    return it.arrived('/hook').filter((id) => ids.includes(id));
  };
  expect(await sentOf()).toHaveLength(1);
  await it.pass();
  expect(await sentOf()).toHaveLength(2);

  it.answer(answering(200));
  await it.pass();
  await it.app.work();
  const ids = (await deliveriesOf(it, { invoicePublicId: first.publicId })).map(
    ({ webhookId }) => webhookId,
  );
  expect(ids).toHaveLength(3);
  expect(await sentOf()).toEqual([ids[0], ids[0], ...ids]);
  expect(await statesOfInvoice(first.publicId)).toEqual(Array(3).fill('succeeded'));
});

test('nothing waits where nobody asked for it', async () => {
  const { it, first } = await openTwo(false);
  await using _ = it;
  const deliveries = await deliveriesOf(it, { invoicePublicId: first.publicId });
  expect(statesOf(deliveries)).toEqual(['pending', 'succeeded']);
});

test('what waited for the order of an invoice is sent at once when the order is given up', async () => {
  const { it, first } = await openTwo(true);
  await using _ = it;
  const [endpoint] = await it.app.core.endpoints.list({ caller: it.caller });
  const { id = '' } = endpoint ?? {};
  await it.app.core.endpoints.update({ caller: it.caller, id, ordered: false });
  await it.app.work();
  const deliveries = await deliveriesOf(it, { invoicePublicId: first.publicId });
  expect(statesOf(deliveries)).toEqual(['pending', 'succeeded']);
  expect(deliveries[0]).toMatchObject({ attempts: 1 });
});

test('an order goes on at once when what it waited for is replayed and arrives', async () => {
  const { it, first } = await openTwo(true);
  await using _ = it;
  const invoicePublicId = first.publicId;
  const [blocking, behind] = await deliveriesOf(it, { invoicePublicId });
  expect(behind?.nextAttemptAt).toBe(blocking?.nextAttemptAt);
  it.answer(answering(200));
  await it.app.core.deliveries.replay({ caller: it.caller, id: blocking?.id ?? '' });
  await it.app.work();
  await it.app.work();
  expect(statesOf(await deliveriesOf(it, { invoicePublicId }))).toEqual(['succeeded', 'succeeded']);
});

test('an order goes on when what it waited for is given up', async () => {
  const { it, first } = await openTwo(true);
  await using _ = it;
  const invoicePublicId = first.publicId;
  const [blocking] = await deliveriesOf(it, { invoicePublicId });
  await it.store.write((tx) =>
    tx
      .updateTable('deliveries')
      .set({ tries: 9 })
      .where('public_id', '=', blocking?.id ?? '')
      .execute(),
  );
  await it.pass();
  await it.app.work();
  expect(statesOf(await deliveriesOf(it, { invoicePublicId }))).toEqual(['failed', 'succeeded']);
});

test('120 events behind one that fails keep no other invoice waiting, and arrive in order', async () => {
  const { it, first } = await openTwo(true);
  await using _ = it;
  const now = it.clock.now();
  await it.store.write(async (tx) => {
    for (let index = 0; index < 120; index += 1) {
      const event = {
        account_id: it.caller.accountId,
        type: 'invoice.overdue',
        invoice_id: first.id,
        invoice_public_id: first.publicId,
      };
      const { position } = await tx
        .insertInto('events')
        .values({ ...event, rule: '', occurred_at: now })
        .returning('position')
        .executeTakeFirstOrThrow();
      const message = { position, format: 'standard', body: '{}' };
      await tx.insertInto('webhook_messages').values(message).execute();
      await tx
        .insertInto('deliveries')
        .values(newDelivery(1, { ...event, position }, now))
        .execute();
    }
  });
  await create(it);
  const sent = it.arrived('/hook').length;
  await it.app.work();
  expect(it.arrived('/hook')).toHaveLength(sent + 2);

  it.answer(answering(200));
  await it.pass();
  expect(await deliveriesOf(it, { state: 'pending' })).toEqual([]);
  const order = it.arrived('/hook').slice(sent + 2);
  expect(order).toHaveLength(122);
  expect(order).toEqual(order.toSorted((a, b) => Number(a.slice(4)) - Number(b.slice(4))));
}, 20_000);
