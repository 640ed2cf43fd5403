import { z } from 'zod';
import type { SandboxUnderTest } from './sandbox-under-test.ts';

export const botToken = '7000000001:AAExampleTokenOfTheSandbox_01234567';
export const botName = 'sandbox_7000000001_bot';

const Button = z.looseObject({ text: z.string(), callback_data: z.string().optional() });

const Message = z.looseObject({
  message_id: z.number(),
  text: z.string().optional(),
  from: z.looseObject({ is_bot: z.boolean() }),
  invoice: z.looseObject({ title: z.string() }).optional(),
  reply_markup: z.looseObject({ inline_keyboard: z.array(z.array(Button)) }).optional(),
});
export type ChatMessage = z.infer<typeof Message>;

const Payment = z.looseObject({
  id: z.string(),
  state: z.string(),
  error: z.string().nullable(),
  telegram_payment_charge_id: z.string().nullable(),
});

export const eventually = async <T>(
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Somebody in Telegram. */
export const createPerson = async (
  { control }: Pick<SandboxUnderTest, 'control'>,
  { language = 'en', stars = 100_000 }: { language?: string; stars?: number } = {},
) => {
  const made = await control('POST', '/telegram/users', {
    first_name: 'Ada',
    language_code: language,
    stars,
  });
  const { id } = z.looseObject({ id: z.number() }).parse(made);

  const messages = async (): Promise<ChatMessage[]> => {
    const chat = await control('GET', `/telegram/chats/${botName}/${id}`);
    return z.looseObject({ messages: z.array(Message) }).parse(chat).messages;
  };
  const fromBot = async (): Promise<ChatMessage[]> =>
    (await messages()).filter(({ from }) => from.is_bot);
  const act = (what: string, body: object) =>
    control('POST', `/telegram/users/${id}/${what}`, body);
  const say = (text: string) => act('messages', { bot: botName, text });
  const pay = async (what: object) => Payment.parse(await act('pay', what));

  return {
    id,
    messages,
    fromBot,
    say,
    open: (link: string) => act('open', { link }),
    press: (message: ChatMessage, button: string) =>
      act('press', { bot: botName, message_id: message.message_id, button }),
    /** Says something, and resolves with what the bot says next, so many messages. */
    ask: async (text: string, count = 1): Promise<ChatMessage[]> => {
      const before = (await fromBot()).length;
      await say(text);
      return eventually(async () => {
        const answers = (await fromBot()).slice(before);
        return answers.length >= count ? answers : undefined;
      });
    },
    pay,
    /** Opens an invoice's chat and presses the button of the invoice that the bot sends. */
    payInChat: async (ref: string) => {
      await say(`/start ${ref}`);
      const invoice = await eventually(async () =>
        (await fromBot()).findLast((message) => message.invoice !== undefined),
      );
      return pay({ bot: botName, message_id: invoice.message_id });
    },
  };
};

export type PersonUnderTest = Awaited<ReturnType<typeof createPerson>>;
