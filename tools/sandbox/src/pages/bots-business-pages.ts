import { Hono, type Context } from 'hono';
import { ScriptError } from '../bots-business/bot.ts';
import type { BotsBusinessEmulator } from '../bots-business/bots-business-emulator.ts';
import { refusedWith, type Alert } from '../bots-business/chat/alert.ts';
import { payRequestInChat } from '../bots-business/chat/pay-request.ts';
import { readControlBody } from '../read-control-body.ts';
import {
  InvoicePayment,
  payAsPerson,
  putUser,
  RequestPayment,
  SettingsInput,
  shownUser,
  TelegramId,
  UserInput,
} from './bots-business-control.ts';
import { bbpInvoicePath, botsBusinessInvoicePage } from './bots-business-invoice-page.ts';
import { refused } from './refused.ts';
import { wantsJson } from './wants-json.ts';

const refusal = (message: string) => ({ error: { message } });

/** What a button's form sends, as the JSON that programs send. By the text, as curl calls any body a form. */
const formAsJson = async (c: Context): Promise<Request> => {
  const text = await c.req.text();
  const body = text.startsWith('{')
    ? text
    : JSON.stringify(Object.fromEntries(new URLSearchParams(text)));
  return new Request(c.req.url, { method: 'POST', body });
};

/** A command that failed inside leaves the person without any answer. */
const alertOf = async (acting: Promise<Alert>): Promise<Alert> => {
  try {
    return await acting;
  } catch (error) {
    if (error instanceof ScriptError) return refusedWith(`The bot failed: ${error.message}.`);
    throw error;
  }
};

/** Users, the bot's settings here, the page of each invoice, and what the users do in the chat. */
export const createBotsBusinessPages = ({ state, run }: BotsBusinessEmulator): Hono => {
  const pages = new Hono();

  pages.get('/settings', (c) => c.json(state.settings()));
  pages.put('/settings', async (c) => {
    const body = await readControlBody(c.req.raw, SettingsInput, 'The settings are not valid.');
    if ('error' in body) return c.json(body, 400);
    state.changeSettings(body.data);
    return c.json(state.settings());
  });

  pages.get('/users', (c) =>
    c.json([...state.users.entries()].map(([id, user]) => shownUser(id, user))),
  );
  pages.get('/users/:id', (c) => {
    const id = c.req.param('id');
    const user = state.users.get(id);
    return user === undefined
      ? c.json(refusal('There is no such user.'), 404)
      : c.json(shownUser(id, user));
  });
  pages.put('/users/:id', async (c) => {
    const id = c.req.param('id');
    if (!TelegramId.safeParse(id).success) {
      return c.json(refusal('A Telegram id is a whole number above 0.'), 400);
    }
    const body = await readControlBody(c.req.raw, UserInput, 'The user is not valid.');
    if ('error' in body) return c.json(body, 400);
    putUser(state, id, body.data);
    const user = state.users.get(id);
    return c.json(user === undefined ? null : shownUser(id, user));
  });

  pages.get('/invoices/:id', (c) => {
    const invoice = state.invoices.get(c.req.param('id'));
    if (invoice === undefined) {
      return c.text('⚠️ The invoice you provided is invalid or does not exist.', 404);
    }
    return wantsJson(c.req.raw)
      ? c.json(invoice)
      : c.html(botsBusinessInvoicePage(invoice, [...state.users.entries()]));
  });
  pages.post('/invoices/:id/pay', async (c) => {
    const id = c.req.param('id');
    const body = await readControlBody(await formAsJson(c), InvoicePayment, 'Nobody can pay so.');
    if ('error' in body) return c.json(body, 400);
    const alert = await alertOf(run((bot) => payAsPerson(bot, id, body.data)));
    const invoice = state.invoices.get(id);
    if (invoice === undefined) return c.json(refusal(alert.text), 404);
    if (!alert.done) {
      const outcome = { status: 400, body: refusal(alert.text) };
      const offered = invoice.status === 'unpaid';
      return refused(c, outcome, { path: bbpInvoicePath(id), offered });
    }
    return wantsJson(c.req.raw) ? c.json(invoice) : c.redirect(bbpInvoicePath(id), 303);
  });

  pages.post('/requests/:id/pay', async (c) => {
    const id = c.req.param('id');
    const body = await readControlBody(c.req.raw, RequestPayment, 'Nobody can pay so.');
    if ('error' in body) return c.json(body, 400);
    const alert = await alertOf(run((bot) => payRequestInChat(bot, id, body.data.userId)));
    const request = state.requests.get(id);
    if (request === undefined) return c.json(refusal(alert.text), 404);
    return alert.done ? c.json(request) : c.json(refusal(alert.text), 400);
  });

  return pages;
};
