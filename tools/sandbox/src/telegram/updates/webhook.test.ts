import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { eventually } from '../../testing/eventually.ts';
import { startHook } from '../hook-under-test.ts';
import { startTelegram, username, type TelegramUnderTest } from '../telegram-under-test.ts';

const write = (telegram: TelegramUnderTest, user: number, text: string): Promise<unknown> =>
  telegram.control('POST', `/users/${user}/messages`, { bot: username, text });

const pending = async (telegram: TelegramUnderTest): Promise<number> =>
  (await telegram.api.getWebhookInfo()).pending_update_count;

test('each update is posted with the secret, numbered one after the other', async () => {
  await using hook = await startHook();
  await using telegram = await startTelegram();
  await telegram.api.setWebhook(hook.url, { secret_token: 'a_Secret-1' });
  const { id } = await telegram.person({ username: 'ada', last_name: 'L' });
  await write(telegram, id, '/start now');
  await write(telegram, id, 'hello');
  await hook.arrived(2);
  const [first, second] = hook.received;
  expect(first).toEqual({
    contentType: 'application/json',
    secret: 'a_Secret-1',
    update: {
      update_id: expect.any(Number),
      message: {
        message_id: 1,
        from: {
          id,
          is_bot: false,
          first_name: 'Ada',
          last_name: 'L',
          username: 'ada',
          language_code: 'en',
        },
        chat: { id, type: 'private', first_name: 'Ada', last_name: 'L', username: 'ada' },
        date: expect.any(Number),
        text: '/start now',
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      },
    },
  });
  expect(second?.update.update_id).toBe((first?.update.update_id ?? 0) + 1);
  await eventually(async () => (await pending(telegram)) === 0);
});

test('a webhook without a secret gets no such header', async () => {
  await using hook = await startHook();
  await using telegram = await startTelegram();
  await telegram.api.setWebhook(hook.url);
  const { id } = await telegram.person();
  await write(telegram, id, 'hello');
  await hook.arrived(1);
  expect(hook.received[0]?.secret).toBeUndefined();
});

test('what fails is sent again at once, then after 2, 4, 8 seconds, up to two minutes, for a day', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  await telegram.api.setWebhook(hook.url);
  hook.answerWith(() => ({ status: 500 }));
  const { id } = await telegram.person();
  await write(telegram, id, 'hello');
  await hook.arrived(2);
  const waits: number[] = [];
  for (const seconds of [2, 4, 8, 16, 32]) {
    const before = hook.received.length;
    await time.waitingFor(seconds * 1_000);
    time.advance(seconds * 1_000 - 1);
    expect(hook.received).toHaveLength(before);
    time.advance(1);
    await hook.arrived(before + 1);
    waits.push(seconds);
  }
  expect(waits).toHaveLength(5);
  expect(await telegram.api.getWebhookInfo()).toMatchObject({
    pending_update_count: 1,
    last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
  });
  // From here on each wait is of one to two minutes.
  for (let tries = 0; tries < 3; tries += 1) {
    const before = hook.received.length;
    const seen = time.clock();
    while (hook.received.length === before) {
      time.advance(1_000);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    const waited = time.clock() - seen;
    expect(waited).toBeGreaterThanOrEqual(59_000);
    expect(waited).toBeLessThanOrEqual(140_000);
  }
  const before = hook.received.length;
  time.advance(86_400_000);
  await eventually(async () => (await pending(telegram)) === 0);
  expect(hook.received.length - before).toBeLessThanOrEqual(1);
  expect(new Set(hook.received.map(({ update }) => update.update_id)).size).toBe(1);
});

test('Retry-After is kept to, and not for more than an hour', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  await telegram.api.setWebhook(hook.url);
  hook.answerWith((_received, ordinal) =>
    ordinal < 3
      ? { status: 503, headers: { 'retry-after': ordinal === 1 ? '30' : '9999' } }
      : { status: 200 },
  );
  const { id } = await telegram.person();
  await write(telegram, id, 'hello');
  await time.waitingFor(30_000);
  expect(hook.received).toHaveLength(1);
  time.advance(30_000);
  await time.waitingFor(3_600_000);
  expect(hook.received).toHaveLength(2);
  time.advance(3_600_000);
  await hook.arrived(3);
  await eventually(async () => (await pending(telegram)) === 0);
});

test('a pre-checkout query is dropped after 150 seconds, a message is kept', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  await telegram.api.setWebhook(hook.url);
  hook.answerWith(() => ({ status: 502 }));
  await write(telegram, id, 'hello');
  await telegram.pay(id, { link: await telegram.createLink(), wait: false });
  await hook.arrived(4);
  await eventually(async () => (await pending(telegram)) === 2);
  time.advance(151_000);
  await eventually(async () => (await pending(telegram)) === 1);
  hook.answerWith(() => ({ status: 200 }));
  await eventually(async () => {
    time.advance(60_000);
    return (await pending(telegram)) === 0;
  });
  expect(hook.told().at(-1)).toBe('hello');
});

test('a query that would come too late after the wait is dropped at once', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  await telegram.api.setWebhook(hook.url);
  hook.answerWith(() => ({ status: 503, headers: { 'retry-after': '151' } }));
  await telegram.pay(id, { link: await telegram.createLink(), wait: false });
  await hook.arrived(1);
  await eventually(async () => (await pending(telegram)) === 0);
});

test('updates of one person come in order, and one that fails holds up only those', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  await telegram.api.setWebhook(hook.url);
  const [ada, bob] = [await telegram.person(), await telegram.person({ first_name: 'Bob' })];
  hook.answerWith(({ update }) => ({ status: update.message?.text === 'one' ? 500 : 200 }));
  for (const text of ['one', 'two', 'three']) await write(telegram, ada.id, text);
  await write(telegram, bob.id, 'other');
  await eventually(() => hook.told().includes('other'));
  await time.waitingFor(2_000);
  expect(hook.told().toSorted()).toEqual(['one', 'one', 'other']);
  hook.answerWith(() => ({ status: 200 }));
  time.advance(2_000);
  await eventually(async () => (await pending(telegram)) === 0);
  expect(hook.told().filter((text) => text !== 'other')).toEqual([
    'one',
    'one',
    'one',
    'two',
    'three',
  ]);
});

test('payment queries have a queue of their own', async () => {
  await using hook = await startHook();
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await telegram.api.setWebhook(hook.url);
  hook.answerWith(({ update }) => ({ status: update.message === undefined ? 200 : 500 }));
  await write(telegram, id, 'one');
  await write(telegram, id, 'two');
  await telegram.pay(id, { link: await telegram.createLink(), wait: false });
  await eventually(() => hook.told().includes('pre_checkout_query'));
  expect(hook.told()).not.toContain('two');
});

test('no more than max_connections at once', async () => {
  await using hook = await startHook();
  await using telegram = await startTelegram();
  await telegram.api.setWebhook(hook.url, { max_connections: 2 });
  hook.answerWith(() => ({ status: Number.NaN }));
  const people = await Promise.all(Array.from({ length: 4 }, () => telegram.person()));
  for (const { id } of people) await write(telegram, id, 'hello');
  await hook.arrived(2);
  expect(await pending(telegram)).toBe(4);
  expect(hook.open()).toBe(2);
  expect(hook.received).toHaveLength(2);
});

test('a method in the answer is called, unless it gets something', async () => {
  await using hook = await startHook();
  await using telegram = await startTelegram();
  await telegram.api.setWebhook(hook.url);
  const { id } = await telegram.person();
  const replies = [
    { method: 'deleteWebhook' },
    { method: 'getMe' },
    { method: 'sendMessage', chat_id: 1, text: 'to nobody' },
    { method: 'SendMessage', chat_id: id, text: 'from the reply' },
  ];
  hook.answerWith((_received, ordinal) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(replies[ordinal - 1] ?? {}),
  }));
  for (let ordinal = 0; ordinal < 4; ordinal += 1) await write(telegram, id, `hello ${ordinal}`);
  await telegram.lastMessage(id, ({ text }) => text === 'from the reply');
  expect((await telegram.api.getWebhookInfo()).url).toBe(hook.url);
});

test('a webhook that says 410 for 23 hours is closed', async () => {
  const time = createManualTime();
  await using hook = await startHook();
  await using telegram = await startTelegram(time);
  await telegram.api.setWebhook(hook.url);
  hook.answerWith(() => ({ status: 410 }));
  const { id } = await telegram.person();
  await write(telegram, id, 'hello');
  await time.waitingFor(2_000);
  const asked = { status: 410, headers: { 'retry-after': '3600' } };
  hook.answerWith(() => asked);
  time.advance(2_000);
  for (let hour = 0; hour < 22; hour += 1) {
    await time.waitingFor(3_600_000);
    time.advance(3_600_000);
    await hook.arrived(4 + hour);
  }
  await time.waitingFor(3_600_000);
  expect((await telegram.api.getWebhookInfo()).url).toBe(hook.url);
  time.advance(3_600_000);
  await eventually(async () => (await telegram.api.getWebhookInfo()).url === '');
});

test('another webhook gets what waits at once, or nothing with drop_pending_updates', async () => {
  const time = createManualTime();
  await using broken = await startHook();
  await using good = await startHook();
  await using telegram = await startTelegram(time);
  await telegram.api.setWebhook(broken.url);
  broken.answerWith(() => ({ status: 500 }));
  const { id } = await telegram.person();
  await write(telegram, id, 'one');
  await time.waitingFor(2_000);
  await telegram.api.setWebhook(good.url);
  await good.arrived(1);
  expect(good.told()).toEqual(['one']);
  good.answerWith(() => ({ status: 500 }));
  await write(telegram, id, 'two');
  await good.arrived(3);
  await telegram.api.setWebhook(good.url, { drop_pending_updates: true });
  expect(await pending(telegram)).toBe(0);
});

test('only allowed kinds are sent, and the setting stays until it is changed', async () => {
  await using hook = await startHook();
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await write(telegram, id, 'before');
  await telegram.api.setWebhook(hook.url, { allowed_updates: ['message'] });
  await hook.arrived(1);
  await telegram.control('POST', `/users/${id}/block`, { bot: username });
  await write(telegram, id, 'one');
  await telegram.api.setWebhook(hook.url);
  expect((await telegram.api.getWebhookInfo()).allowed_updates).toEqual(['message']);
  await telegram.api.setWebhook(hook.url, { allowed_updates: [] });
  expect(await telegram.api.getWebhookInfo()).not.toHaveProperty('allowed_updates');
  await telegram.control('POST', `/users/${id}/block`, { bot: username });
  await hook.arrived(3);
  expect(hook.told()).toEqual(['before', 'one', 'my_chat_member']);
  expect(hook.received[2]?.update.my_chat_member).toMatchObject({
    chat: { id, type: 'private' },
    from: { id },
    old_chat_member: { status: 'member', user: { username } },
    new_chat_member: { status: 'kicked', until_date: 0 },
  });
});
