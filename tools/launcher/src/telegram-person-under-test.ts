import { expect } from 'vitest';
import { z } from 'zod';
import { atEmulator, botName, type Knows, TelegramPayment } from './telegram-under-test.ts';

const Message = z.looseObject({
  message_id: z.int(),
  text: z.string().optional(),
  from: z.looseObject({ is_bot: z.boolean() }),
  invoice: z.looseObject({ title: z.string(), total_amount: z.int() }).optional(),
});
export type ChatMessage = z.infer<typeof Message>;

const patience = { timeout: 10_000, interval: 20 };

interface HowToPay {
  /** Whether the money is on its way until it is released. */
  hold?: boolean;
}

/** Somebody in emulated Telegram. */
export interface Person {
  id: number;
  stars: () => Promise<number>;
  /** What the bot has said to them, oldest first. */
  told: () => Promise<ChatMessage[]>;
  /** Opens a link to the chat, and resolves with so many messages of the bot that follow. */
  open: (link: string, count?: number) => Promise<ChatMessage[]>;
  /** Opens the chat of an invoice, and presses the Pay button that the bot shows. */
  payInChat: (payLink: string, how?: HowToPay) => Promise<TelegramPayment>;
  /** Presses Pay below a message, or at an invoice link of Telegram's own. */
  pay: (what: ChatMessage | string, how?: HowToPay) => Promise<TelegramPayment>;
  say: (text: string) => Promise<void>;
}

const Facts = z.looseObject({ id: z.int(), stars: z.int() });

/** Somebody whom emulated Telegram knows. */
export const personOf = (hub: Knows<'sandboxUrl'>, id: number): Person => {
  const act = (what: string, body: object): Promise<unknown> =>
    atEmulator(hub, 'POST', `/telegram/users/${id}/${what}`, body);
  const told: Person['told'] = async () => {
    const chat = await atEmulator(hub, 'GET', `/telegram/chats/${botName}/${id}`);
    const { messages } = z.looseObject({ messages: z.array(Message) }).parse(chat);
    return messages.filter(({ from }) => from.is_bot);
  };
  const open: Person['open'] = async (link, count = 1) => {
    const before = (await told()).length;
    await act('open', { link });
    const answers = async () => (await told()).slice(before);
    const isAnswered = async () => (await answers()).length >= count;
    await expect.poll(isAnswered, patience).toBe(true);
    return answers();
  };
  const pay: Person['pay'] = async (what, how = {}) => {
    const which =
      typeof what === 'string' ? { link: what } : { bot: botName, message_id: what.message_id };
    return TelegramPayment.parse(await act('pay', { ...which, ...how }));
  };

  return {
    id,
    stars: async () => Facts.parse(await atEmulator(hub, 'GET', `/telegram/users/${id}`)).stars,
    told,
    open,
    pay,
    payInChat: async (payLink, how) => {
      const invoice = (await open(payLink, 2)).find((message) => message.invoice);
      if (!invoice) throw new Error('The bot shows no invoice');
      return pay(invoice, how);
    },
    say: async (text) => {
      await act('messages', { bot: botName, text });
    },
  };
};

/** Somebody new in emulated Telegram. */
export const openPerson = async (
  hub: Knows<'sandboxUrl'>,
  { stars = 100_000, language = 'en' }: { stars?: number; language?: string } = {},
): Promise<Person> => {
  const facts = { first_name: 'Grace', language_code: language, stars };
  return personOf(hub, Facts.parse(await atEmulator(hub, 'POST', '/telegram/users', facts)).id);
};
