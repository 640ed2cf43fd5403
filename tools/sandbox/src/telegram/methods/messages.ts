import type { InlineKeyboardMarkup, Message } from 'grammy/types';
import { messageIdArg, textArg, type Args } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';
import { chatArg } from '../chats.ts';
import { messageKey, writeMessage } from '../messages.ts';
import { invoiceArgs } from '../payments/invoice-args.ts';
import type { StoredMessage } from '../state.ts';
import { messageTextArg } from '../text/message-text.ts';
import { inlineKeyboardArg } from '../text/reply-markup.ts';
import { method, type MethodCall } from './method.ts';

const twoDays = 2 * 86_400;

const markupOf = (markup: InlineKeyboardMarkup | undefined) =>
  markup === undefined ? {} : { reply_markup: markup };

const foundMessage = (
  { work, bot, args }: MethodCall,
  what: string,
  { write }: { write: boolean },
): StoredMessage => {
  const person = chatArg(work, bot, args, { write });
  const stored = work.state.messages.get(messageKey(bot.key, messageIdArg(args)));
  if (stored?.user !== person.id) throw badRequest(`${what} not found`);
  return stored;
};

const requireMessage = (args: Args): void => {
  if (textArg(args, 'chat_id') === '' && messageIdArg(args) === 0) {
    throw badRequest('Message identifier is not specified');
  }
};

const notModified = () =>
  badRequest(
    'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
  );

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Messages that the bot wrote can be edited, with what is new of them; never without a change. */
const edit = (
  { work }: MethodCall,
  stored: StoredMessage,
  change: Partial<Message>,
): Message & { edit_date: number } => {
  const { text, entities, reply_markup: markup, ...rest } = stored.message;
  const before = { text, entities, reply_markup: markup };
  const after = { text, entities, ...change };
  const changed = (['text', 'entities', 'reply_markup'] as const).some(
    (name) => !same(before[name], Reflect.get(after, name)),
  );
  if (!changed) throw notModified();
  const kept = {
    ...(text !== undefined && change.text === undefined && { text }),
    ...(entities !== undefined && change.text === undefined && { entities }),
  };
  const message = { ...rest, ...kept, ...change, edit_date: work.now };
  const key = messageKey(stored.bot, message.message_id);
  work.state.messages.put(key, { ...stored, message });
  return message;
};

const editable = (call: MethodCall): StoredMessage => {
  const stored = foundMessage(call, 'message to edit', { write: true });
  const byBot = stored.message.from?.is_bot === true;
  if (!byBot) throw badRequest("message can't be edited");
  return stored;
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a message is of the kind that its content says, and the caller has just put that content in
const asKind = <M>(message: Message): M => message as M;

export const messageMethods = [
  method('sendMessage', ({ work, bot, args }) => {
    const content = messageTextArg(args);
    const markup = inlineKeyboardArg(args);
    const person = chatArg(work, bot, args);
    return asKind<Message.TextMessage>(
      writeMessage(work, {
        bot: bot.key,
        person,
        by: 'bot',
        content: { ...content, ...markupOf(markup) },
      }),
    );
  }),
  method('sendInvoice', ({ work, bot, args }) => {
    const invoice = invoiceArgs(work.state, bot, args);
    const markup = inlineKeyboardArg(args, { invoice: true });
    const person = chatArg(work, bot, args);
    work.state.invoices.put(invoice.id, invoice);
    const { title, description, currency, total, startParameter } = invoice;
    return asKind<Message.InvoiceMessage>(
      writeMessage(work, {
        bot: bot.key,
        person,
        by: 'bot',
        content: {
          invoice: {
            title,
            description,
            start_parameter: startParameter,
            currency,
            total_amount: total,
          },
          ...markupOf(markup),
        },
        extra: { invoice: invoice.id },
      }),
    );
  }),
  method('editMessageText', (call) => {
    const content = messageTextArg(call.args);
    const markup = inlineKeyboardArg(call.args);
    requireMessage(call.args);
    const stored = editable(call);
    if (stored.message.text === undefined) {
      throw badRequest('there is no text in the message to edit');
    }
    return asKind<Message.TextMessage & { edit_date: number }>(
      edit(call, stored, { ...content, ...markupOf(markup) }),
    );
  }),
  method('editMessageReplyMarkup', (call) => {
    requireMessage(call.args);
    const stored = editable(call);
    const markup = inlineKeyboardArg(call.args, { invoice: stored.invoice !== undefined });
    return edit(call, stored, markupOf(markup));
  }),
  method('deleteMessage', (call) => {
    if (textArg(call.args, 'chat_id') === '') throw badRequest('Chat identifier is not specified');
    if (messageIdArg(call.args) === 0) throw badRequest('Message identifier is not specified');
    const { message } = foundMessage(call, 'message to delete', { write: true });
    if (message.date < call.work.now - twoDays) {
      throw badRequest("message can't be deleted for everyone");
    }
    call.work.state.messages.delete(messageKey(call.bot.key, message.message_id));
    return true;
  }),
];
