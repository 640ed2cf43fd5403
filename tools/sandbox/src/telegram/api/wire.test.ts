import { Api } from 'grammy';
import { expect, test } from 'vitest';
import { startTelegram, token, username } from '../telegram-under-test.ts';

const chatNotFound = {
  ok: false,
  error_code: 400,
  description: 'Bad Request: chat not found',
};

test('parameters come in the query, as JSON, urlencoded or as multipart', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await telegram.control('POST', `/users/${id}/messages`, { bot: username, text: '/start' });
  const keyboard = JSON.stringify({ inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] });
  const args = { chat_id: String(id), text: 'hello', reply_markup: keyboard };
  const form = new FormData();
  for (const [name, value] of Object.entries(args)) form.set(name, value);
  const url = `${telegram.url}/bot${token}/sendMessage`;
  const sent = [
    await fetch(`${url}?${new URLSearchParams(args).toString()}`),
    await fetch(url, { method: 'POST', body: new URLSearchParams(args) }),
    await fetch(url, { method: 'POST', body: form }),
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...args,
        chat_id: id,
        reply_markup: JSON.parse(keyboard),
        entities: null,
      }),
    }),
    await fetch(`${url}?chat_id=${id}`, {
      method: 'POST',
      body: new URLSearchParams({ ...args, chat_id: '1' }),
    }),
  ];
  for (const answer of sent) {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toMatchObject({
      ok: true,
      result: { text: 'hello', reply_markup: JSON.parse(keyboard) },
    });
  }
});

test.each(['getMe', 'GETME', 'getme'])('%s is getMe', async (method) => {
  await using telegram = await startTelegram();
  expect(await telegram.call(method)).toEqual({
    status: 200,
    body: {
      ok: true,
      result: expect.objectContaining({ id: 7000000001, is_bot: true, username }),
    },
  });
});

test('the test environment has bots of its own', async () => {
  await using telegram = await startTelegram();
  const inTest = new Api(token, { apiRoot: telegram.url, environment: 'test' });
  expect(await inTest.getMe()).toMatchObject({
    id: 7000000001,
    username: 'sandbox_7000000001_test_bot',
  });
  const { id } = await telegram.person();
  await telegram.control('POST', `/users/${id}/messages`, { bot: username, text: 'hello' });
  expect(await inTest.getUpdates()).toEqual([]);
  expect(await telegram.api.getUpdates()).toHaveLength(1);
});

test.each([
  ['POST', '/bot1:short/getMe', 401, 'Unauthorized: invalid token specified'],
  ['POST', `/bot0${token.slice(1)}/getMe`, 401, 'Unauthorized: invalid token specified'],
  ['POST', `/bot${token.slice(0, -1)}x/getMe`, 401, 'Unauthorized'],
  ['POST', `/bot${token}/getMee`, 404, 'Not Found: method not found'],
  ['GET', `/bot${token}/`, 404, 'Not Found: method not found'],
  ['GET', `/bot${token}`, 404, 'Not Found'],
])('%s %s is answered with %i %s', async (method, path, status, description) => {
  await using telegram = await startTelegram();
  const answer = await fetch(`${telegram.url}${path}`, { method });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ ok: false, error_code: status, description });
});

test('a token is replaced and revoked as by @BotFather', async () => {
  await using telegram = await startTelegram();
  const next = `${token.slice(0, -1)}x`;
  await telegram.control('POST', '/bots', { token: next, username: 'tea_bot', first_name: 'Tea' });
  expect((await telegram.call('getMe')).status).toBe(401);
  expect((await telegram.call('getMe', {}, next)).body).toMatchObject({
    result: { username: 'tea_bot', first_name: 'Tea' },
  });
  await telegram.control('POST', '/bots/tea_bot/revoke');
  expect((await telegram.call('getMe', {}, next)).body).toEqual({
    ok: false,
    error_code: 401,
    description: 'Unauthorized',
  });
  expect(await telegram.tryControl('POST', '/bots', { token: 'x' })).toMatchObject({ status: 400 });
});

test.each([
  ['application/json', '{', "Bad Request: can't parse the JSON of the body"],
  ['application/json', '[]', 'Bad Request: the body must be a JSON object'],
  ['multipart/form-data; boundary=x', 'no', "Bad Request: can't parse the multipart body"],
])('a body of %s that is %s is refused', async (type, body, description) => {
  await using telegram = await startTelegram();
  const answer = await fetch(`${telegram.url}/bot${token}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  expect(await answer.json()).toEqual({ ok: false, error_code: 400, description });
});

test('a person has to start the bot before it can write, and can block it', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  const body = { chat_id: id, text: 'hello' };
  expect((await telegram.call('sendMessage', body)).body).toEqual(chatNotFound);
  expect((await telegram.call('sendMessage', { text: 'hello' })).body).toMatchObject({
    description: 'Bad Request: chat_id is empty',
  });
  await telegram.control('POST', `/users/${id}/open`, { link: `t.me/${username}?start=a-B_1` });
  expect((await telegram.chat(id)).messages[0]?.text).toBe('/start a-B_1');
  expect((await telegram.call('sendMessage', body)).status).toBe(200);
  await telegram.control('POST', `/users/${id}/block`, { bot: username });
  expect(await telegram.call('sendMessage', body)).toEqual({
    status: 403,
    body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
  });
  await telegram.control('POST', `/users/${id}/messages`, { bot: username, text: 'sorry' });
  expect((await telegram.call('sendMessage', body)).status).toBe(200);
});

test.each([
  [`https://t.me/${username}?start=${'a'.repeat(65)}`, 400, 'START_PARAM_TOO_LONG'],
  [`https://t.me/${username}?start=a.b`, 400, 'START_PARAM_INVALID'],
  ['https://t.me/nobody_bot?start=a', 404, 'There is no bot nobody_bot.'],
  ['https://t.me/$none', 404, 'INVOICE_SLUG_INVALID: there is no such invoice link.'],
  ['https://example.org', 400, 'Only links of t.me can be opened.'],
])('the link %s cannot be opened', async (link, status, message) => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  expect(await telegram.tryControl('POST', `/users/${id}/open`, { link })).toEqual({
    status,
    body: { error: { message } },
  });
});
