import type { BotCommand, MenuButton } from 'grammy/types';
import { fieldsOf, jsonArg, requiredArg, textArg, type Args } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';
import { chatArg } from '../chats.ts';
import { changeBot } from '../bots.ts';
import { botOnWire, chatOnWire } from '../people/wire.ts';
import { method, type Method, type MethodCall } from './method.ts';

/** What a list of commands is for: a scope and a language. */
const scopeOf = (args: Args): string => {
  const text = textArg(args, 'scope');
  const scope = text === '' ? undefined : fieldsOf(jsonArg(text, 'BotCommandScope'));
  return JSON.stringify([
    scope?.get('type') ?? 'default',
    scope?.get('chat_id') ?? null,
    scope?.get('user_id') ?? null,
    textArg(args, 'language_code'),
  ]);
};

const commandOf = (value: unknown): BotCommand => {
  const fields = fieldsOf(value);
  if (fields === undefined) throw badRequest("can't parse BotCommand: expected an Object");
  const given = fields.get('command');
  const description = fields.get('description');
  if (typeof given !== 'string' || typeof description !== 'string') {
    throw badRequest('can\'t parse BotCommand: Can\'t find field "command" or "description"');
  }
  const command = given.replace(/^\//, '');
  if (!/^[a-z\d_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
  if (description === '' || description.length > 256) {
    throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  return { command, description };
};

const commandsArg = (args: Args): BotCommand[] => {
  const list = jsonArg(requiredArg(args, 'commands'), 'commands');
  if (!Array.isArray(list)) throw badRequest('Expected an Array of BotCommand');
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return list.map(commandOf);
};

const setCommands = ({ work, bot, args }: MethodCall, commands: BotCommand[]): true => {
  changeBot(work, bot.key, { commands: { ...bot.commands, [scopeOf(args)]: commands } });
  return true;
};

const textKey = (field: string, args: Args): string => `${field}:${textArg(args, 'language_code')}`;

const setText = ({ work, bot, args }: MethodCall, field: string, longest: number): true => {
  const value = textArg(args, field);
  if (value.length > longest) throw badRequest(`${field} is too long`);
  changeBot(work, bot.key, { texts: { ...bot.texts, [textKey(field, args)]: value } });
  return true;
};

const textOf = ({ bot, args }: MethodCall, field: string): string =>
  bot.texts[textKey(field, args)] ?? bot.texts[`${field}:`] ?? '';

const menuButtonArg = (args: Args): MenuButton => {
  const text = textArg(args, 'menu_button');
  const fields = text === '' ? undefined : fieldsOf(jsonArg(text, 'menu button'));
  const type = fields?.get('type');
  if (fields === undefined || type === 'default') return { type: 'default' };
  if (type === 'commands') return { type };
  const label = fields.get('text');
  const url = fieldsOf(fields.get('web_app'))?.get('url');
  if (type !== 'web_app' || typeof label !== 'string' || typeof url !== 'string') {
    throw badRequest('MenuButton has unsupported type');
  }
  return { type, text: label, web_app: { url } };
};

const chatActions = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

/** What bots ask and say of themselves, most of it when they start. */
export const profileMethods: Method[] = [
  method('getMe', ({ bot }) => ({
    ...botOnWire(bot),
    is_bot: true,
    username: bot.username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_guest_queries: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  })),
  method('setMyCommands', (call) => setCommands(call, commandsArg(call.args))),
  method('deleteMyCommands', (call) => setCommands(call, [])),
  method('getMyCommands', ({ bot, args }) => bot.commands[scopeOf(args)] ?? []),
  method('setMyName', (call) => setText(call, 'name', 64)),
  method('getMyName', (call) => ({ name: textOf(call, 'name') || call.bot.firstName })),
  method('setMyDescription', (call) => setText(call, 'description', 512)),
  method('getMyDescription', (call) => ({ description: textOf(call, 'description') })),
  method('setMyShortDescription', (call) => setText(call, 'short_description', 120)),
  method('getMyShortDescription', (call) => ({
    short_description: textOf(call, 'short_description'),
  })),
  method('setChatMenuButton', ({ work, bot, args }) => {
    const menuButtons = { ...bot.menuButtons, [textArg(args, 'chat_id')]: menuButtonArg(args) };
    changeBot(work, bot.key, { menuButtons });
    return true;
  }),
  method(
    'getChatMenuButton',
    ({ bot, args }) => bot.menuButtons[textArg(args, 'chat_id')] ?? { type: 'default' },
  ),
  method('sendChatAction', ({ work, bot, args }) => {
    if (!chatActions.has(textArg(args, 'action').toLowerCase())) {
      throw badRequest('Wrong parameter action in request');
    }
    chatArg(work, bot, args);
    return true;
  }),
  method('getChat', ({ work, bot, args }) => ({
    ...chatOnWire(chatArg(work, bot, args, { write: false })),
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: true,
      limited_gifts: true,
      unique_gifts: true,
      premium_subscription: true,
      gifts_from_channels: true,
    },
  })),
];
