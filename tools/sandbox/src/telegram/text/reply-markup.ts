import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import { fieldsOf, jsonArg, textArg, type Args } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';

const mostButtons = 100;
const longestCallbackData = 64;

const failure = (reason: string) => badRequest(`Can't parse inline keyboard button: ${reason}`);

type Fields = ReadonlyMap<string, unknown>;

const textField = (fields: Fields, name: string): string => {
  const value = fields.get(name);
  if (value === undefined) return '';
  if (typeof value !== 'string') throw failure(`Field "${name}" must be of type String`);
  return value;
};

const nestedField = (fields: Fields, name: string, inner: string): string => {
  const nested = fieldsOf(fields.get(name));
  if (nested === undefined) throw failure(`Field "${name}" must be of type Object`);
  const value = nested.get(inner);
  if (typeof value !== 'string') throw failure(`Can't find field "${inner}"`);
  return value;
};

const checkedUrl = (url: string): string => {
  const withProtocol = /^[a-z][a-z\d+.-]*:/i.test(url) ? url : `http://${url}`;
  const fits = URL.canParse(withProtocol) && /^(?:https?|tg|ton|tonsite):/i.test(withProtocol);
  if (!fits) throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  return url;
};

/** The first field that says what a button does decides. Source: tdlib/telegram-bot-api, `get_inline_keyboard_button`. */
const buttonOf = (value: unknown): InlineKeyboardButton => {
  const fields = fieldsOf(value);
  if (fields === undefined) throw failure('InlineKeyboardButton must be an Object');
  if (!fields.has('text')) throw failure('Can\'t find field "text"');
  const text = textField(fields, 'text');
  if (text === '') throw badRequest('inline keyboard button text must be non-empty');
  const url = textField(fields, 'url');
  if (url !== '') return { text, url: checkedUrl(url) };
  const callbackData = textField(fields, 'callback_data');
  if (callbackData !== '') {
    if (Buffer.byteLength(callbackData) > longestCallbackData)
      throw badRequest('BUTTON_DATA_INVALID');
    return { text, callback_data: callbackData };
  }
  if (fields.has('pay')) return { text, pay: true };
  for (const name of ['switch_inline_query', 'switch_inline_query_current_chat'] as const) {
    if (!fields.has(name)) continue;
    const query = textField(fields, name);
    return name === 'switch_inline_query'
      ? { text, switch_inline_query: query }
      : { text, switch_inline_query_current_chat: query };
  }
  if (fields.has('web_app')) {
    return { text, web_app: { url: checkedUrl(nestedField(fields, 'web_app', 'url')) } };
  }
  if (fields.has('login_url')) {
    return { text, login_url: { url: checkedUrl(nestedField(fields, 'login_url', 'url')) } };
  }
  if (fields.has('copy_text')) {
    return { text, copy_text: { text: nestedField(fields, 'copy_text', 'text') } };
  }
  throw failure('Text buttons are unallowed in the inline keyboard');
};

const rowsOf = (keyboard: unknown): InlineKeyboardButton[][] => {
  if (!Array.isArray(keyboard)) throw badRequest('Field "inline_keyboard" must be of type Array');
  const rows = keyboard.map((row: unknown) => {
    if (!Array.isArray(row)) {
      throw badRequest(
        'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
      );
    }
    return row.map(buttonOf);
  });
  if (rows.flat().length > mostButtons) throw badRequest('REPLY_MARKUP_TOO_LONG');
  return rows.filter((row) => row.length > 0);
};

/**
 * The inline keyboard of a message, and undefined where there is none; keyboards of other kinds are taken and forgotten.
 * An invoice has a Pay button first, and other messages have none.
 */
export const inlineKeyboardArg = (
  args: Args,
  { invoice = false }: { invoice?: boolean } = {},
): InlineKeyboardMarkup | undefined => {
  const text = textArg(args, 'reply_markup');
  if (text === '') return undefined;
  const fields = fieldsOf(jsonArg(text, 'reply keyboard markup'));
  if (fields === undefined) throw badRequest('Object expected as reply markup');
  if (!fields.has('inline_keyboard')) return undefined;
  const rows = rowsOf(fields.get('inline_keyboard'));
  const buttons = rows.flat();
  if (buttons.length === 0) return undefined;
  const payAt = buttons.findIndex((button) => 'pay' in button);
  if (invoice && payAt === -1) throw badRequest('REPLY_MARKUP_BUY_EMPTY');
  if (!invoice && payAt !== -1) throw badRequest('BUTTON_TYPE_INVALID');
  if (buttons.some((button, index) => 'pay' in button && index > 0)) {
    throw badRequest('BUTTON_POS_INVALID');
  }
  return { inline_keyboard: rows };
};
