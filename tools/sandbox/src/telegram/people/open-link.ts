import type { Message } from 'grammy/types';
import type { Person, StoredInvoice } from '../state.ts';
import type { Work } from '../work.ts';
import { namedBot } from './person.ts';
import { Refusal } from './refusal.ts';
import { sendText } from './send-text.ts';

const linkStart = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\//i;

export const invoiceOfLink = (work: Work, link: string): StoredInvoice => {
  const slug = /^\$(?<slug>[\w-]+)$/.exec(link.replace(linkStart, ''))?.groups?.['slug'] ?? '';
  const invoice = work.state.invoices.get(work.state.slugs.get(slug) ?? '');
  if (invoice === undefined)
    throw new Refusal('INVOICE_SLUG_INVALID: there is no such invoice link.', 404);
  return invoice;
};

export type Opened = { bot: string; message: Message } | { bot: string; invoice: StoredInvoice };

/**
 * The person opens `https://t.me/<bot>?start=<parameter>`, which writes `/start <parameter>`, or `https://t.me/$<slug>`,
 * which shows an invoice that can be paid. The parameter has up to 64 characters of `A-Z a-z 0-9 _ -`.
 */
export const openLink = (work: Work, person: Person, link: string): Opened => {
  if (!linkStart.test(link)) throw new Refusal('Only links of t.me can be opened.');
  const rest = link.replace(linkStart, '');
  if (rest.startsWith('$')) {
    const invoice = invoiceOfLink(work, link);
    return { bot: invoice.bot, invoice };
  }
  const [name = '', query = ''] = rest.split('?');
  const bot = namedBot(work, name);
  const parameter = new URLSearchParams(query).get('start') ?? '';
  if (parameter.length > 64) throw new Refusal('START_PARAM_TOO_LONG');
  if (!/^[\w-]*$/.test(parameter)) throw new Refusal('START_PARAM_INVALID');
  const text = parameter === '' ? '/start' : `/start ${parameter}`;
  return { bot: bot.key, message: sendText(work, bot, person, text) };
};
