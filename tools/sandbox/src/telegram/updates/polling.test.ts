import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { startHook } from '../hook-under-test.ts';
import { startTelegram, username, type TelegramUnderTest } from '../telegram-under-test.ts';

const write = (telegram: TelegramUnderTest, user: number, text: string): Promise<unknown> =>
  telegram.control('POST', `/users/${user}/messages`, { bot: username, text });

const textsOf = async (telegram: TelegramUnderTest, options: object = {}): Promise<unknown[]> =>
  (await telegram.api.getUpdates(options)).map(({ message }) => message?.text);

test('updates stay until an offset confirms them', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  for (const text of ['one', 'two', 'three', 'four']) await write(telegram, id, text);
  const updates = await telegram.api.getUpdates();
  expect(updates.map(({ message }) => message?.text)).toEqual(['one', 'two', 'three', 'four']);
  expect(await textsOf(telegram)).toHaveLength(4);
  expect(await textsOf(telegram, { limit: 2 })).toEqual(['one', 'two']);
  const offset = updates[1]?.update_id ?? 0;
  expect(await textsOf(telegram, { offset })).toEqual(['two', 'three', 'four']);
  expect(await textsOf(telegram, { offset: -1 })).toEqual(['four']);
  expect(await textsOf(telegram)).toEqual(['four']);
  expect(await textsOf(telegram, { offset: (updates[3]?.update_id ?? 0) + 1 })).toEqual([]);
});

test('a poll is answered by the next update, and else after its timeout', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  const answered = textsOf(telegram, { timeout: 20 });
  await time.waitingFor(20_000);
  await write(telegram, id, 'hello');
  expect(await answered).toEqual(['hello']);

  const [update] = await telegram.api.getUpdates();
  const silent = textsOf(telegram, { timeout: 600, offset: (update?.update_id ?? 0) + 1 });
  await time.waitingFor(50_000);
  time.advance(50_000);
  expect(await silent).toEqual([]);
});

test('a second poller ends the first, and setWebhook ends any', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  const first = telegram.call('getUpdates', { timeout: 20 });
  await time.waitingFor(20_000);
  const second = telegram.call('getUpdates', { timeout: 30 });
  expect(await first).toEqual({
    status: 409,
    body: {
      ok: false,
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    },
  });
  await time.waitingFor(30_000);
  await telegram.api.setWebhook(hook.url);
  expect(await second).toMatchObject({
    status: 409,
    body: { description: 'Conflict: terminated by setWebhook request' },
  });
  expect(await telegram.call('getUpdates')).toMatchObject({
    status: 409,
    body: {
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    },
  });
  await telegram.api.deleteWebhook();
  expect(await telegram.api.getUpdates()).toEqual([]);
});

test('allowed_updates holds for what happens from then on', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await write(telegram, id, 'one');
  expect(await textsOf(telegram, { allowed_updates: ['callback_query'] })).toEqual(['one']);
  await write(telegram, id, 'two');
  expect(await textsOf(telegram)).toEqual(['one']);
});

test('a poll that waits does not keep the sandbox from closing', async () => {
  const time = createManualTime();
  const telegram = await startTelegram(time);
  const waiting = telegram.call('getUpdates', { timeout: 50 });
  await time.waitingFor(50_000);
  await telegram.close();
  expect((await waiting).body).toEqual({ ok: true, result: [] });
});

test('an update that is too old is gone', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  await write(telegram, id, 'old');
  time.advance(86_400_000 + 1_000);
  expect(await textsOf(telegram)).toEqual([]);
});
