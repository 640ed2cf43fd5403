import { expect, test } from 'vitest';
import { stranger } from './endpoints-under-test.ts';
import { answering, deadUrl } from './receiver-under-test.ts';
import { openSending } from './sending-under-test.ts';

test('a ping is sent at once, signed, once, and is no event', async () => {
  await using it = await openSending();
  const { endpoint } = await it.listen('/hook', {
    eventTypes: ['invoice.paid'],
    headers: { 'X-Shop': 'one' },
  });
  it.answer(answering(202, { 'x-answer': 'yes' }, 'thank you'));
  const { endpoints } = it.app.core;
  const { webhookId, attempt } = await endpoints.test({ caller: it.caller, id: endpoint.id });
  const at = new Date(it.clock.now()).toISOString();
  expect(webhookId).toMatch(/^test_[0-9a-f]{24}$/);
  expect(attempt).toEqual({
    attemptedAt: at,
    durationMs: expect.any(Number),
    result: 'succeeded',
    httpStatus: 202,
    responseHeaders: expect.objectContaining({ 'x-answer': 'yes' }),
    responseBody: 'thank you',
    error: null,
  });
  expect(it.receiver.received).toMatchObject([{ webhookId, headers: { 'x-shop': 'one' } }]);
  expect(JSON.parse(it.receiver.received[0]?.body ?? '')).toEqual({
    type: 'endpoint.test',
    timestamp: at,
    data: { version: 1, endpoint: { id: endpoint.id, url: endpoint.url } },
  });
  await it.app.work();
  expect(it.receiver.received).toHaveLength(1);
  expect(await it.app.core.events.feed({ caller: it.caller, after: 0, limit: 10 })).toEqual([]);
});

test('one that fails changes nothing, and a disabled endpoint can be tested', async () => {
  await using it = await openSending();
  const { endpoint } = await it.listen('/hook');
  const ofCaller = { caller: it.caller, id: endpoint.id };
  const { endpoints } = it.app.core;
  it.answer(answering(410));
  const before = await endpoints.get(ofCaller);
  expect((await endpoints.test(ofCaller)).attempt).toMatchObject({
    result: 'rejected',
    httpStatus: 410,
  });
  expect(await endpoints.get(ofCaller)).toEqual(before);

  await endpoints.update({ ...ofCaller, enabled: false });
  it.answer(answering(200));
  expect((await endpoints.test(ofCaller)).attempt.result).toBe('succeeded');
  await endpoints.update({ ...ofCaller, url: await deadUrl() });
  expect((await endpoints.test(ofCaller)).attempt).toMatchObject({
    result: 'unreachable',
    error: 'The connection was refused',
  });
});

test('another account’s endpoint is not found', async () => {
  await using it = await openSending();
  const { endpoint } = await it.listen('/hook');
  const caller = await stranger(it);
  await expect(it.app.core.endpoints.test({ caller, id: endpoint.id })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(it.receiver.received).toEqual([]);
});
