import { Hono } from 'hono';
import { currentBot } from '../telegram/bots.ts';
import { presentBot, presentChat, presentInvoice } from '../telegram/control/present.ts';
import { messageKey } from '../telegram/messages.ts';
import { invoiceOfLink } from '../telegram/people/open-link.ts';
import { namedBot, personOf } from '../telegram/people/person.ts';
import { Refusal } from '../telegram/people/refusal.ts';
import { settingsOf, type StoredInvoice } from '../telegram/state.ts';
import type { TelegramEmulator } from '../telegram/telegram-emulator.ts';
import type { Work } from '../telegram/work.ts';
import { telegramChatPage } from './telegram-chat-page.ts';
import { addTelegramControl, refusedControl } from './telegram-control.ts';
import { telegramIndexPage } from './telegram-index-page.ts';
import { telegramPayPage } from './telegram-pay-page.ts';
import { wantsJson } from './wants-json.ts';

const askedInvoice = (work: Work, asked: Record<string, string>): StoredInvoice => {
  if (asked['link'] !== undefined) return invoiceOfLink(work, asked['link']);
  const bot = namedBot(work, asked['bot'] ?? '');
  const stored = work.state.messages.get(messageKey(bot.key, Number(asked['message_id'])));
  const invoice = work.state.invoices.get(stored?.invoice ?? '');
  if (invoice === undefined) throw new Refusal('There is no such message with an invoice.', 404);
  return invoice;
};

/** The pages of people and their chats, and the routes behind their buttons. */
export const createTelegramPages = (telegram: TelegramEmulator): Hono => {
  const { state, act } = telegram;
  const pages = new Hono()
    .get('/', (c) =>
      wantsJson(c.req.raw)
        ? c.json({
            bots: [...state.bots.entries()].map(([, bot]) => presentBot(bot)),
            users: [...state.people.entries()].map(([, person]) => person),
            settings: settingsOf(state),
          })
        : c.html(telegramIndexPage(state)),
    )
    .get('/chats/:bot/:user', (c) =>
      act((work) => {
        const bot = namedBot(work, c.req.param('bot'));
        const person = personOf(work, c.req.param('user'));
        const chat = presentChat(work, bot, person);
        return wantsJson(c.req.raw)
          ? c.json(chat)
          : c.html(telegramChatPage(state, bot, person, chat));
      }),
    )
    .get('/users/:id/pay', (c) =>
      act((work) => {
        const asked = c.req.query();
        const person = personOf(work, c.req.param('id'));
        const invoice = askedInvoice(work, asked);
        const bot = currentBot(work, invoice.bot);
        return wantsJson(c.req.raw)
          ? c.json(presentInvoice(work, invoice))
          : c.html(telegramPayPage(state, bot, person, invoice, asked));
      }),
    );
  const all = addTelegramControl(new Hono().route('/', pages), telegram);
  return all.onError((error, c) => refusedControl(c, error));
};
