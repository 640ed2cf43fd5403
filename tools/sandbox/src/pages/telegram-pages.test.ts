import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import {
  starsInvoice,
  startTelegram,
  token,
  username,
  type TelegramUnderTest,
} from '../telegram/telegram-under-test.ts';

const page = async ({ url }: TelegramUnderTest, path: string): Promise<string> =>
  (await fetch(`${url}${path}`)).text();

const post = ({ url }: TelegramUnderTest, path: string, fields: Record<string, string>) =>
  fetch(`${url}/_sandbox/telegram${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });

test('a person plays the payer by forms alone', async () => {
  await using telegram = await startTelegram();
  const added = await post(telegram, '/users', {
    first_name: 'Ada',
    username: '',
    language_code: '',
    stars: '50',
  });
  expect([added.status, added.headers.get('location')]).toEqual([303, '/_sandbox/telegram']);
  const [person] = await telegram.control<{ id: number }[]>('GET', '/users');
  const id = person?.id ?? 0;
  const chat = `/_sandbox/telegram/chats/${username}/${id}`;
  expect(await page(telegram, '/_sandbox/telegram')).toContain(`href="${chat}"`);

  const opened = await post(telegram, `/users/${id}/open`, {
    link: `https://t.me/${username}?start=order-1`,
  });
  expect(opened.headers.get('location')).toBe(chat);
  const { message_id: invoice } = await telegram.api.sendInvoice(
    id,
    starsInvoice.title,
    starsInvoice.description,
    starsInvoice.payload,
    'XTR',
    starsInvoice.prices,
  );
  const shown = await page(telegram, chat);
  expect(shown).toContain('/start order-1');
  expect(shown).toContain('50 ⭐');
  expect(shown).toContain('Pay 30 ⭐');
  const dialog = await page(
    telegram,
    `/_sandbox/telegram/users/${id}/pay?bot=${username}&message_id=${invoice}`,
  );
  expect(dialog).toContain('A cup of tea');
  expect(dialog).toContain(`name="message_id" value="${invoice}"`);

  const paying = post(telegram, `/users/${id}/pay`, {
    bot: username,
    message_id: String(invoice),
    hold: 'true',
  });
  let query: string | undefined;
  await eventually(async () => {
    query = (await telegram.api.getUpdates()).at(-1)?.pre_checkout_query?.id;
    return query !== undefined;
  });
  await telegram.api.answerPreCheckoutQuery(query ?? '', true);
  expect((await paying).headers.get('location')).toBe(chat);
  expect(await page(telegram, chat)).toContain(`/payments/${query}/release"`);
  await post(telegram, `/payments/${query}/release`, {});
  const paid = await page(telegram, chat);
  expect(paid).toContain('Receipt');
  expect(paid).toContain('Paid 30 ⭐');
  expect(paid).toContain('20 ⭐');
  expect(paid).not.toContain('release"');
});

test('everything that was said is escaped', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person({ first_name: '<b>Ada' });
  const text = '<script>alert(1)</script>';
  await post(telegram, `/users/${id}/messages`, { bot: username, text });
  await telegram.api.sendMessage(id, '<img src=x>', {
    reply_markup: { inline_keyboard: [[{ text: '"><img>', callback_data: '"><img>' }]] },
  });
  for (const path of [`/chats/${username}/${id}`, '']) {
    const shown = await page(telegram, `/_sandbox/telegram${path}`);
    expect(shown).not.toContain('<script>');
    expect(shown).not.toContain('<img');
    expect(shown).not.toContain('<b>Ada');
  }
});

test('a button is pressed by a form, and what the bot says to it is shown', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await post(telegram, `/users/${id}/messages`, { bot: username, text: '/start' });
  const { message_id: message } = await telegram.api.sendMessage(id, 'choose', {
    reply_markup: {
      inline_keyboard: [
        [
          { text: 'A', callback_data: 'a' },
          { text: 'B', url: 'https://b.org' },
        ],
      ],
    },
  });
  const pressed = await post(telegram, `/users/${id}/press`, {
    bot: username,
    message_id: String(message),
    button: 'a',
  });
  expect(pressed.status).toBe(303);
  const query = (await telegram.api.getUpdates()).at(-1)?.callback_query;
  await telegram.api.answerCallbackQuery(query?.id ?? '', { text: 'You chose A' });
  const shown = await page(telegram, `/_sandbox/telegram/chats/${username}/${id}`);
  expect(shown).toContain('You chose A');
  expect(shown).toContain('href="https://b.org"');
});

test('a browser reads what is not possible, a program gets it as JSON', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person({ stars: 1 });
  const link = await telegram.createLink();
  const opened = await post(telegram, `/users/${id}/open`, { link });
  const dialog = opened.headers.get('location') ?? '';
  expect(await page(telegram, dialog)).toContain('30 ⭐');
  const refused = await post(telegram, `/users/${id}/pay`, { link });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('BALANCE_TOO_LOW');
});

test.each([
  ['POST', '/users', {}, 400, 'first_name'],
  ['POST', '/users', { first_name: 'A', stars: -1 }, 400, 'stars'],
  ['POST', '/users', { first_name: 'A', id: 555 }, 400, 'There is a user 555 already.'],
  ['POST', '/users', { first_name: 'A', id: 7000000001 }, 400, '7000000001 is a bot.'],
  ['POST', '/users/1/messages', { bot: username, text: 'a' }, 404, 'There is no such user.'],
  ['POST', '/users/555/messages', { bot: 'x', text: 'a' }, 404, 'There is no bot x.'],
  ['POST', '/users/555/messages', { bot: username }, 400, 'text'],
  ['POST', '/users/555/pay', { bot: username }, 400, 'either link, or bot and message_id'],
  ['POST', '/users/555/pay', { bot: username, message_id: 9 }, 404, 'no such message'],
  ['POST', '/users/555/block', { bot: username }, 400, 'has not started'],
  ['POST', '/payments/1/release', {}, 404, 'There is no such payment.'],
  ['GET', '/payments/1', undefined, 404, 'There is no such payment.'],
  ['PUT', '/settings', { hold_payments: 1 }, 400, 'hold_payments'],
  ['PUT', '/users/0', { first_name: 'A' }, 400, '0 is no id of a user.'],
])('%s %s %j is refused with %i', async (method, path, body, status, message) => {
  await using telegram = await startTelegram();
  await telegram.person({ id: 555 });
  const answer = await telegram.tryControl(method, path, body);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).toContain(message);
});

test('people and bots are listed and changed', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person({ is_premium: true });
  expect(await telegram.control('POST', `/users/${id}`, { stars: 7 })).toEqual({
    id,
    first_name: 'Ada',
    language_code: 'en',
    is_premium: true,
    stars: 7,
  });
  expect(await telegram.control('GET', '')).toMatchObject({
    bots: [{ id: 7000000001, test: false, token, username, webhook_url: null }],
    users: [{ id, stars: 7 }],
    settings: { hold_payments: false, provider_tokens: [] },
  });
  const facts = { first_name: 'Bob', language_code: 'ru', stars: 5 };
  expect(await telegram.control('PUT', '/users/556', facts)).toEqual({ id: 556, ...facts });
  expect(await telegram.control('PUT', '/users/556', { first_name: 'Bo' })).toEqual({
    id: 556,
    first_name: 'Bo',
    language_code: 'en',
    stars: 0,
  });
  const index = await page(telegram, '/_sandbox');
  expect(index).toContain('POST /bot&lt;token&gt;/createInvoiceLink');
  expect(index).toContain(`@${username}`);
});
