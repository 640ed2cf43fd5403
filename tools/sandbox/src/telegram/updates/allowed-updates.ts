import { textArg, type Args } from '../api/args.ts';
import type { Bot, UpdateKind } from '../state.ts';

/** Kinds that a bot gets only when it asks for them. Source: Bot API, setWebhook. */
const askedForOnly = new Set<string>(['chat_member', 'message_reaction', 'message_reaction_count']);

const known = {
  message: true,
  edited_message: true,
  channel_post: true,
  edited_channel_post: true,
  business_connection: true,
  business_message: true,
  edited_business_message: true,
  deleted_business_messages: true,
  guest_message: true,
  stopped_message_generation: true,
  message_reaction: true,
  message_reaction_count: true,
  inline_query: true,
  chosen_inline_result: true,
  callback_query: true,
  shipping_query: true,
  pre_checkout_query: true,
  purchased_paid_media: true,
  poll: true,
  poll_answer: true,
  my_chat_member: true,
  chat_member: true,
  chat_join_request: true,
  chat_boost: true,
  removed_chat_boost: true,
  managed_bot: true,
  subscription: true,
} satisfies Record<UpdateKind, true>;

const isKnown = (name: string): name is UpdateKind => Object.hasOwn(known, name);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * What a call says about `allowed_updates`: nothing (or nothing that can be read) leaves the setting as it is, a list
 * without a known kind goes back to the default. Source: tdlib/telegram-bot-api, `get_allowed_update_types`.
 */
export const allowedUpdatesArg = (
  args: Args,
): { allowedUpdates: UpdateKind[] | undefined } | undefined => {
  const list = parsed(textArg(args, 'allowed_updates'));
  if (!Array.isArray(list)) return undefined;
  const names: string[] = [];
  for (const name of list) {
    if (typeof name !== 'string') return undefined;
    names.push(name.toLowerCase());
  }
  const kinds = [...new Set(names)].filter(isKnown);
  return { allowedUpdates: kinds.length === 0 ? undefined : kinds };
};

export const withAllowedUpdates = ({ allowedUpdates: before, ...bot }: Bot, args: Args): Bot => {
  const said = allowedUpdatesArg(args);
  const now = said === undefined ? before : said.allowedUpdates;
  return now === undefined ? bot : { ...bot, allowedUpdates: now };
};

export const isAllowed = ({ allowedUpdates }: Bot, kind: UpdateKind): boolean =>
  allowedUpdates === undefined ? !askedForOnly.has(kind) : allowedUpdates.includes(kind);
