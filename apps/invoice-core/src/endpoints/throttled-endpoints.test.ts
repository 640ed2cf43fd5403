import { describe, expect, test } from 'vitest';
import { create, deliveriesOf, runsOf } from './endpoints-under-test.ts';
import { answering } from './receiver-under-test.ts';
import { openSending, statesOf } from './sending-under-test.ts';

const minute = 60_000;

describe('an endpoint that asks to be left alone', () => {
  test('is sent nothing at all until then', async () => {
    await using it = await openSending();
    await it.listen('/hook');
    it.answer(answering(429, { 'retry-after': '600' }));
    for (let index = 0; index < 3; index += 1) await create(it);
    await it.app.work();
    const tried = it.arrived('/hook').length;
    expect(tried).toBe(4);
    it.answer(answering(200));
    await create(it);
    expect(Object.values(await runsOf(it))).toEqual([it.clock.now() + 10 * minute]);
    await it.app.work();
    expect(Object.values(await runsOf(it))).toEqual([it.clock.now() + 10 * minute]);
    it.clock.advance(10 * minute - 1);
    await it.app.work();
    expect(it.arrived('/hook')).toHaveLength(tried);
    it.clock.advance(1);
    await it.app.work();
    expect(statesOf(await deliveriesOf(it))).toEqual(Array(8).fill('succeeded'));
    expect((await it.app.core.endpoints.list({ caller: it.caller }))[0]?.failingSince).toBeNull();
  });

  test('others are sent to meanwhile', async () => {
    await using it = await openSending();
    await it.listen('/busy');
    await it.listen('/idle');
    it.answer((response, { path }) => {
      if (path === '/busy') response.writeHead(503, { 'retry-after': '600' }).end();
      else response.end();
    });
    await create(it);
    await it.app.work();
    expect(it.arrived('/idle')).toHaveLength(2);
  });
});
