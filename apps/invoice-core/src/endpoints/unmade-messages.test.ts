import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMany, deliveriesOf } from './endpoints-under-test.ts';
import { openSending, statesOf } from './sending-under-test.ts';

test('an event of which no message can be made keeps no other from being sent', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  await using it = await openSending({ log });
  await it.listen('/hook', { eventTypes: ['invoice.created'] });
  await createMany(it, 12);
  const [broken] = await deliveriesOf(it);
  const { position = 0, id = '' } = broken ?? {};
  await it.store.write(async (tx) => {
    await tx.deleteFrom('webhook_messages').where('position', '=', position).execute();
    await tx
      .updateTable('events')
      .set({ status: 'nonsense' })
      .where('position', '=', position)
      .execute();
  });
  await it.app.work();
  const [delivery, ...others] = await deliveriesOf(it);
  expect(statesOf(others)).toEqual(Array(11).fill('succeeded'));
  expect(delivery).toMatchObject({ id, state: 'pending', attempts: 1 });
  expect(Date.parse(delivery?.nextAttemptAt ?? '')).toBeGreaterThan(it.clock.now());
  expect(await it.app.core.deliveries.attempts({ caller: it.caller, id })).toMatchObject([
    { result: 'refused', httpStatus: null, error: 'The message cannot be made' },
  ]);
  const [endpoint] = await it.app.core.endpoints.list({ caller: it.caller });
  expect(endpoint).toMatchObject({ disabled: null, failingSince: null });
  const said = lines.map((line): unknown => JSON.parse(line));
  expect(said).toContainEqual(
    expect.objectContaining({ level: 50, deliveryId: id, err: expect.anything() }),
  );
});
