import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { eventually } from '../../testing/eventually.ts';
import { startTelegram, username, type TelegramUnderTest } from '../telegram-under-test.ts';

const startedBy = async (telegram: TelegramUnderTest): Promise<number> => {
  const { id } = await telegram.person();
  await telegram.control('POST', `/users/${id}/messages`, { bot: username, text: '/start' });
  return id;
};

const keyboard = (...buttons: object[]) => ({ reply_markup: { inline_keyboard: [buttons] } });

test('a message is what the Bot API says it is', async () => {
  await using telegram = await startTelegram();
  const id = await startedBy(telegram);
  const markup = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] };
  expect(
    await telegram.api.sendMessage(id, 'Hello <b>you &amp; <i>me</i></b>, /help', {
      parse_mode: 'HTML',
      reply_markup: markup,
    }),
  ).toEqual({
    message_id: 2,
    from: { id: 7000000001, is_bot: true, first_name: 'Sandbox bot 7000000001', username },
    chat: { id, type: 'private', first_name: 'Ada' },
    date: expect.any(Number),
    text: 'Hello you & me, /help',
    entities: [
      { type: 'bold', offset: 6, length: 8 },
      { type: 'italic', offset: 12, length: 2 },
      { type: 'bot_command', offset: 16, length: 5 },
    ],
    reply_markup: markup,
  });
});

const inlineButton = (reason: string) =>
  `Bad Request: can't parse inline keyboard button: ${reason}`;
const url = 'https://example.org';

const refusals: [body: object, description: string][] = [
  [{ text: '' }, 'Bad Request: message text is empty'],
  [{ text: '  ' }, 'Bad Request: text must be non-empty'],
  [{ text: 'a'.repeat(4_097) }, 'Bad Request: message is too long'],
  [{ parse_mode: 'bbcode' }, 'Bad Request: unsupported parse_mode'],
  [
    { text: 'ä<x>', parse_mode: 'HTML' },
    'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 2',
  ],
  [
    { text: '<b>a', parse_mode: 'html' },
    'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
  ],
  [
    { text: '<b>a</i>', parse_mode: 'HTML' },
    'Bad Request: can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
  ],
  [
    { text: 'a</b>', parse_mode: 'HTML' },
    "Bad Request: can't parse entities: Unexpected end tag at byte offset 1",
  ],
  [
    { text: 'a.', parse_mode: 'MarkdownV2' },
    "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
  ],
  [{ reply_markup: '{' }, "Bad Request: can't parse reply keyboard markup JSON object"],
  [{ reply_markup: '[]' }, 'Bad Request: object expected as reply markup'],
  [
    { reply_markup: { inline_keyboard: [{}] } },
    'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
  ],
  [
    { reply_markup: { inline_keyboard: [[1]] } },
    inlineButton('InlineKeyboardButton must be an Object'),
  ],
  [keyboard({ url }), inlineButton('Can\'t find field "text"')],
  [keyboard({ text: 'A' }), inlineButton('Text buttons are unallowed in the inline keyboard')],
  [keyboard({ text: '', url }), 'Bad Request: inline keyboard button text must be non-empty'],
  [keyboard({ text: 'A', callback_data: 'ä'.repeat(33) }), 'Bad Request: BUTTON_DATA_INVALID'],
  [
    keyboard({ text: 'A', url: 'javascript:x' }),
    "Bad Request: inline keyboard button URL 'javascript:x' is invalid: Wrong HTTP URL",
  ],
  [keyboard({ text: 'Pay', pay: true }), 'Bad Request: BUTTON_TYPE_INVALID'],
  [
    keyboard(...Array.from({ length: 101 }, () => ({ text: 'A', url }))),
    'Bad Request: REPLY_MARKUP_TOO_LONG',
  ],
];

test.each(refusals.map(([body, description]) => ({ body, description })))(
  'sendMessage is refused: $description',
  async ({ body, description }) => {
    await using telegram = await startTelegram();
    const id = await startedBy(telegram);
    expect((await telegram.call('sendMessage', { chat_id: id, text: 'a', ...body })).body).toEqual({
      ok: false,
      error_code: 400,
      description,
    });
  },
);

test.each([
  ['*1\\.5* _a_ ||b|| [a](https://a.b/c-d) `a.b` ![e](tg://emoji?id=1)'],
  ['>quoted\n**>more'],
])('MarkdownV2 that is escaped where it has to be is taken: %s', async (text) => {
  await using telegram = await startTelegram();
  const id = await startedBy(telegram);
  const sent = await telegram.api.sendMessage(id, text, { parse_mode: 'MarkdownV2' });
  expect(sent.text).toBe(text);
});

test('text, entities and buttons are edited, never without a change', async () => {
  await using telegram = await startTelegram();
  const id = await startedBy(telegram);
  const { message_id: own } = await telegram.api.sendMessage(id, 'one', {
    reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] },
  });
  const notModified = {
    description:
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
  };
  const edited = await telegram.api.editMessageText(id, own, 'two');
  expect(edited).toMatchObject({ message_id: own, text: 'two', edit_date: expect.any(Number) });
  expect(edited).not.toHaveProperty('reply_markup');
  await expect(telegram.api.editMessageText(id, own, 'two')).rejects.toMatchObject(notModified);
  await expect(telegram.api.editMessageReplyMarkup(id, own)).rejects.toMatchObject(notModified);
  const markup = { inline_keyboard: [[{ text: 'B', url: 'https://example.org' }]] };
  expect(
    await telegram.api.editMessageReplyMarkup(id, own, { reply_markup: markup }),
  ).toMatchObject({ text: 'two', reply_markup: markup });

  const invoice = await telegram.api.sendInvoice(id, 'Tea', 'A cup', 'p', 'XTR', [
    { label: 'Tea', amount: 1 },
  ]);
  await expect(telegram.api.editMessageText(id, invoice.message_id, 'two')).rejects.toMatchObject({
    description: 'Bad Request: there is no text in the message to edit',
  });
  await expect(telegram.api.editMessageText(id, 1, 'two')).rejects.toMatchObject({
    description: "Bad Request: message can't be edited",
  });
  await expect(telegram.api.editMessageText(id, 99, 'two')).rejects.toMatchObject({
    description: 'Bad Request: message to edit not found',
  });
  expect((await telegram.call('editMessageText', { text: 'two' })).body).toMatchObject({
    description: 'Bad Request: message identifier is not specified',
  });
});

test('a message is deleted within two days', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const id = await startedBy(telegram);
  const { message_id: first } = await telegram.api.sendMessage(id, 'one');
  const { message_id: second } = await telegram.api.sendMessage(id, 'two');
  expect(await telegram.api.deleteMessage(id, first)).toBe(true);
  expect((await telegram.chat(id)).messages.map(({ text }) => text)).toEqual(['/start', 'two']);
  await expect(telegram.api.deleteMessage(id, first)).rejects.toMatchObject({
    description: 'Bad Request: message to delete not found',
  });
  time.advance(2 * 86_400_000 + 1_000);
  await expect(telegram.api.deleteMessage(id, second)).rejects.toMatchObject({
    description: "Bad Request: message can't be deleted for everyone",
  });
});

test('the press of a button is answered, by its bot and in time', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const id = await startedBy(telegram);
  const { message_id: message } = await telegram.api.sendMessage(id, 'choose', {
    reply_markup: {
      inline_keyboard: [
        [{ text: 'A', callback_data: 'a' }],
        [
          { text: 'Site', url: 'https://example.org' },
          { text: 'Again', url: `https://t.me/${username}?start=again` },
        ],
      ],
    },
  });
  const press = (button: string) =>
    telegram.control<{ callback_query: { id: string } }>('POST', `/users/${id}/press`, {
      bot: username,
      message_id: message,
      button,
    });
  const { callback_query: query } = await press('a');
  let update: unknown;
  await eventually(async () => {
    update = (await telegram.api.getUpdates({ offset: -1 }))[0]?.callback_query;
    return update !== undefined;
  });
  expect(update).toEqual({
    id: query.id,
    from: { id, is_bot: false, first_name: 'Ada', language_code: 'en' },
    message: expect.objectContaining({ message_id: message, text: 'choose' }),
    chat_instance: expect.stringMatching(/^\d+$/),
    data: 'a',
  });
  await telegram.api.answerCallbackQuery(query.id, { text: 'Good', show_alert: true });
  expect(await telegram.control('GET', `/callback-queries/${query.id}`)).toMatchObject({
    answer: { text: 'Good', show_alert: true },
  });
  time.advance(151_000);
  const tooOld = {
    description:
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
  };
  await expect(telegram.api.answerCallbackQuery(query.id)).rejects.toMatchObject(tooOld);
  await expect(telegram.api.answerCallbackQuery('1')).rejects.toMatchObject(tooOld);

  expect(await press('Site')).toEqual({ url: 'https://example.org' });
  expect(await press('Again')).toMatchObject({ message: { text: '/start again' } });
  const none = { bot: username, message_id: message, button: 'none' };
  expect(await telegram.tryControl('POST', `/users/${id}/press`, none)).toMatchObject({
    status: 400,
  });
});

test('what a bot says of itself is kept, by language', async () => {
  await using telegram = await startTelegram();
  const { api } = telegram;
  const commands = [{ command: 'start', description: 'Begin' }];
  await api.setMyCommands([{ command: '/start', description: 'Begin' }]);
  await api.setMyCommands([{ command: 'start', description: 'Начать' }], { language_code: 'ru' });
  expect(await api.getMyCommands()).toEqual(commands);
  expect(await api.getMyCommands({ language_code: 'ru' })).toEqual([
    { command: 'start', description: 'Начать' },
  ]);
  await api.deleteMyCommands();
  expect(await api.getMyCommands()).toEqual([]);
  await expect(api.setMyCommands([{ command: 'Start', description: 'x' }])).rejects.toMatchObject({
    description: 'Bad Request: BOT_COMMAND_INVALID',
  });
  await api.setMyDescription('Sells tea');
  await api.setMyShortDescription('Tea', { language_code: 'ru' });
  await api.setMyName('Tea shop');
  expect(await api.getMyDescription()).toEqual({ description: 'Sells tea' });
  expect(await api.getMyDescription({ language_code: 'ru' })).toEqual({ description: 'Sells tea' });
  expect(await api.getMyShortDescription()).toEqual({ short_description: '' });
  expect(await api.getMyShortDescription({ language_code: 'ru' })).toEqual({
    short_description: 'Tea',
  });
  expect(await api.getMyName()).toEqual({ name: 'Tea shop' });
  await api.setChatMenuButton({ menu_button: { type: 'commands' } });
  expect(await api.getChatMenuButton()).toEqual({ type: 'commands' });
  const id = await startedBy(telegram);
  expect(await api.sendChatAction(id, 'typing')).toBe(true);
  expect(await api.getChat(id)).toMatchObject({ id, type: 'private', first_name: 'Ada' });
  expect((await telegram.call('sendChatAction', { chat_id: id, action: 'x' })).body).toMatchObject({
    description: 'Bad Request: wrong parameter action in request',
  });
  expect((await telegram.call('answerShippingQuery', { ok: false })).body).toMatchObject({
    description: 'Bad Request: parameter "error_message" is required',
  });
});
