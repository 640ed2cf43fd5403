import { randomText } from '../../random-text.ts';
import { bbpBot } from '../bot.ts';
import { failure, pinFailure, type Command } from '../command.ts';
import type { BbpInvoice } from '../state.ts';

const required = ['amount', 'userId', 'pin', 'description', 'title', 'payload'];

const newInvoiceId = (): string =>
  `invoice-${randomText(8, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`;

/** Makes an invoice of anything that is there at all. `payload` is asked for and dropped. */
export const newInvoice: Command = (bot, options) => {
  const missing = required.filter((name) => !options[name]);
  if (missing.length > 0) return failure(`Missing parameters: ${missing.join(', ')}`);
  const { amount, userId, pin, description, title } = options;
  const refused = pinFailure(bot, userId, pin, {
    unset: '❌ Your pin is not set. Please set your pin using /setPin <6 digit pin>.',
    incorrect: '❌ Incorrect pin. Use /myPin to retrieve it.',
  });
  if (refused !== undefined) return refused;

  const invoiceId = newInvoiceId();
  const scanned = JSON.stringify({ invoiceId, title, amount });
  const invoice: BbpInvoice = {
    qrCode: `https://quickchart.io/qr?text=${encodeURIComponent(scanned)}`,
    invoiceId,
    title,
    amount,
    userId,
    payLink: `https://t.me/${bbpBot.name}?start=${invoiceId}`,
    description,
    status: 'unpaid',
    paidBy: null,
  };
  bot.state.invoices.put(invoiceId, invoice);
  return { status: 'success', invoice };
};
