import type { Endpoint } from '@quittance/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { verifyLedger } from '../invoices/verify-ledger.ts';
import { create, deliveriesOf, settleAll } from './endpoints-under-test.ts';
import { answering } from './receiver-under-test.ts';
import { openSending, type SendingUnderTest, statesOf } from './sending-under-test.ts';

const hour = 3_600_000;
const day = 24 * hour;

const endpointNow = ({ app, caller }: SendingUnderTest, id: string): Promise<Endpoint> =>
  app.core.endpoints.get({ caller, id });

describe('an endpoint that is disabled', () => {
  test('by 410 Gone gets nothing more; the others are told; enabled it gets what is pending', async () => {
    await using it = await openSending();
    const { endpoint } = await it.listen('/gone');
    await it.listen('/other', { eventTypes: ['endpoint.disabled'] });
    it.answer((response, { path }) => void response.writeHead(path === '/gone' ? 410 : 200).end());
    await create(it);
    await it.app.work();
    await it.app.work();
    const { id } = endpoint;
    expect(await endpointNow(it, id)).toMatchObject({ disabled: 'gone' });
    expect(it.receiver.received.filter(({ path }) => path === '/other')).toHaveLength(1);
    const told = it.receiver.received.find(({ path }) => path === '/other');
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpoint: { id, url: endpoint.url, reason: 'gone' } },
    });
    const tried = it.arrived('/gone').length;
    it.clock.advance(10 * day);
    await it.app.work();
    expect(it.arrived('/gone')).toHaveLength(tried);
    expect(statesOf(await deliveriesOf(it, { endpointId: id }))).toEqual(['pending', 'pending']);

    it.answer(answering(200));
    await it.app.core.endpoints.update({ caller: it.caller, id, enabled: true });
    await it.app.work();
    expect(statesOf(await deliveriesOf(it, { endpointId: id }))).toEqual([
      'succeeded',
      'succeeded',
    ]);
    expect(await verifyLedger(it.store.read)).toMatchObject({ discrepancies: [] });
  });

  test('after five days in which nothing arrived, with an event about it', async () => {
    await using it = await openSending();
    const { endpoint } = await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(500));
    await create(it);
    await it.app.work();
    const since = it.clock.now();
    expect((await endpointNow(it, endpoint.id)).failingSince).toBe(new Date(since).toISOString());
    for (let index = 0; index < 4; index += 1) {
      it.clock.advance(day);
      await it.app.work();
    }
    it.clock.advance(day - 1);
    await create(it);
    await it.app.work();
    expect(await endpointNow(it, endpoint.id)).toMatchObject({ disabled: null });
    it.clock.advance(1);
    await create(it);
    await it.app.work();
    expect(await endpointNow(it, endpoint.id)).toMatchObject({
      disabled: 'failing',
      failingSince: new Date(since).toISOString(),
    });
    const feed = await it.app.core.events.feed({ caller: it.caller, after: 0, limit: 100 });
    expect(feed.at(-1)).toMatchObject({ type: 'endpoint.disabled', reason: 'failing' });
  });

  test('is not, when anything arrived meanwhile', async () => {
    await using it = await openSending();
    const { endpoint } = await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(500));
    await create(it);
    await it.app.work();
    it.clock.advance(4 * day);
    it.answer(answering(200));
    await it.app.work();
    expect((await endpointNow(it, endpoint.id)).failingSince).toBeNull();
    it.clock.advance(2 * day);
    it.answer(answering(500));
    await create(it);
    await it.app.work();
    expect(await endpointNow(it, endpoint.id)).toMatchObject({
      disabled: null,
      failingSince: new Date(it.clock.now()).toISOString(),
    });
  });

  test.each([
    ['tried again', 26, true],
    ['tried again', 28, false],
    ['tried again', 90 * 24, false],
    ['given up', 26, true],
    ['given up', 28, false],
    ['given up', 90 * 24, false],
  ])('%s after %s h of silence, it has failed all along: %s', async (what, hours, isKept) => {
    await using it = await openSending();
    const { endpoint } = await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer(answering(500));
    await create(it);
    await it.app.work();
    const since = it.clock.now() - 4 * day;
    await it.store.write((tx) =>
      tx.updateTable('endpoints').set({ failing_since: since }).execute(),
    );
    if (what === 'given up') {
      await settleAll(it, 'failed');
      await it.store.write((tx) => tx.deleteFrom('attempts').execute());
    }
    it.clock.advance(hours * hour);
    if (what === 'given up') await create(it);
    await it.app.work();
    expect(await endpointNow(it, endpoint.id)).toMatchObject({
      disabled: isKept ? 'failing' : null,
      failingSince: new Date(isKept ? since : it.clock.now()).toISOString(),
    });
  });

  test('is removed while it is being sent to: nothing is left, and nothing breaks', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    await using it = await openSending({ log });
    const { endpoint } = await it.listen('/hook', { eventTypes: ['invoice.created'] });
    it.answer((response) => {
      const gone = async (): Promise<void> => {
        await it.app.core.endpoints.remove({ caller: it.caller, id: endpoint.id });
        await it.store.write((tx) => tx.deleteFrom('deliveries').execute());
      };
      void gone().finally(() => response.end());
    });
    await create(it);
    await it.app.work();
    expect(lines.join()).toContain('webhook sent');
    expect(lines.join()).not.toContain('put off');
    await it.app.work();
    expect(await it.store.read.selectFrom('attempts').selectAll().execute()).toEqual([]);
    expect(await it.store.read.selectFrom('endpoints').selectAll().execute()).toEqual([]);
  });
});
