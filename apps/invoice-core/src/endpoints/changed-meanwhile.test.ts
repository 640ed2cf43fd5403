import { describe, expect, test } from 'vitest';
import { createMany, deliveriesOf } from './endpoints-under-test.ts';
import { answering } from './receiver-under-test.ts';
import { openSending, type SendingUnderTest, statesOf } from './sending-under-test.ts';

/** Has an endpoint changed before it answers the first that it is sent, all that come at the same time. */
const changeFirst = (
  it: SendingUnderTest,
  { status, atOnce }: { status: number; atOnce: number },
  change: () => Promise<unknown>,
): void => {
  const { promise: changed, resolve } = Promise.withResolvers<unknown>();
  it.answer((response) => {
    if (it.receiver.received.length === atOnce) resolve(change());
    void changed.finally(() => response.writeHead(status).end());
  });
};

/** Eight deliveries to an endpoint, four of which it has when it is changed. */
const openEight = async () => {
  const it = await openSending();
  const { endpoint, secret } = await it.listen('/old', { eventTypes: ['invoice.created'] });
  await createMany(it, 8);
  return { it, secret, of: { caller: it.caller, id: endpoint.id } };
};

describe('what an endpoint has not been sent yet when it', () => {
  test('is removed is never sent', async () => {
    const { it, of } = await openEight();
    await using _ = it;
    changeFirst(it, { status: 200, atOnce: 4 }, () => it.app.core.endpoints.remove(of));
    await it.app.work();
    expect(it.arrived('/old')).toHaveLength(4);
  });

  test('is disabled waits', async () => {
    const { it, of } = await openEight();
    await using _ = it;
    changeFirst(it, { status: 200, atOnce: 4 }, () =>
      it.app.core.endpoints.update({ ...of, enabled: false }),
    );
    await it.app.work();
    expect(it.arrived('/old')).toHaveLength(4);
    expect(await deliveriesOf(it, { state: 'pending' })).toHaveLength(4);
  });

  test('moves is sent to where it is now, with the headers it has now', async () => {
    const { it, of, secret } = await openEight();
    await using _ = it;
    it.trust('/new', secret);
    const change = { url: `${it.receiver.url}/new`, headers: { 'X-Shop': 'new' } };
    changeFirst(it, { status: 200, atOnce: 4 }, () =>
      it.app.core.endpoints.update({ ...of, ...change }),
    );
    await it.app.work();
    expect(it.arrived('/old')).toHaveLength(4);
    const moved = it.receiver.received.filter(({ path }) => path === '/new');
    expect(moved.map(({ headers }) => headers['x-shop'])).toEqual(Array(4).fill('new'));
  });

  test('gets a new secret is signed with that too', async () => {
    const { it, of } = await openEight();
    await using _ = it;
    changeFirst(it, { status: 200, atOnce: 4 }, async () => {
      const { secret } = await it.app.core.endpoints.rotateSecret(of);
      it.trust('/old', secret);
    });
    await it.app.work();
    expect(it.receiver.forged).toEqual([]);
    expect(it.arrived('/old')).toHaveLength(8);
  });
});

describe('a late answer', () => {
  const openOne = async () => {
    const it = await openSending();
    const { endpoint } = await it.listen('/old', { eventTypes: ['invoice.created'] });
    await createMany(it, 1);
    const of = { caller: it.caller, id: endpoint.id };
    const move = () => it.app.core.endpoints.update({ ...of, url: `${it.receiver.url}/new` });
    const row = () => it.store.read.selectFrom('endpoints').selectAll().executeTakeFirstOrThrow();
    return { it, of, move, row };
  };

  test.each([410, 429, 500])(
    '%s of an address that was left is kept, and nothing else follows',
    async (status) => {
      const { it, move, row } = await openOne();
      await using _ = it;
      changeFirst(it, { status, atOnce: 1 }, move);
      await it.app.work();
      const untouched = { disabled: null, failing_since: null, throttled_until: null };
      expect(await row()).toMatchObject(untouched);
      const [delivery] = await deliveriesOf(it);
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
      expect(Date.parse(delivery?.nextAttemptAt ?? '')).toBeGreaterThan(it.clock.now());
      const { caller } = it;
      const attempts = await it.app.core.deliveries.attempts({ caller, id: delivery?.id ?? '' });
      expect(attempts).toMatchObject([{ result: 'rejected', httpStatus: status }]);
    },
  );

  test('200 of an address that was left does not speak for the new one', async () => {
    const { it, move, row } = await openOne();
    await using _ = it;
    const since = it.clock.now();
    changeFirst(it, { status: 200, atOnce: 1 }, async () => {
      await move();
      await it.store.write((tx) =>
        tx.updateTable('endpoints').set({ failing_since: since }).execute(),
      );
    });
    await it.app.work();
    expect(statesOf(await deliveriesOf(it))).toEqual(['succeeded']);
    expect(await row()).toMatchObject({ failing_since: since });
  });

  test('410 to what was sent before it was enabled again does not disable it', async () => {
    const { it, of, row } = await openOne();
    await using _ = it;
    changeFirst(it, { status: 410, atOnce: 1 }, async () => {
      it.clock.advance(1);
      await it.app.core.endpoints.update({ ...of, enabled: false });
      await it.app.core.endpoints.update({ ...of, enabled: true });
    });
    await it.app.work();
    expect(await row()).toMatchObject({ disabled: null, failing_since: null });
    it.answer(answering(410));
    await it.pass();
    expect(await row()).toMatchObject({ disabled: 'gone' });
  });
});
