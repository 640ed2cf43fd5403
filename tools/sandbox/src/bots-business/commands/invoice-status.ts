import { failure, pinFailure, type Command, type Rendered } from '../command.ts';
import { textOf } from '../loose.ts';
import type { BbpInvoice } from '../state.ts';

const asInSource = ({ invoiceId, title, amount, description, status, paidBy }: BbpInvoice) => ({
  status: 'success',
  invoice: { invoiceId, title, amount, description, status, paidBy: paidBy ?? 'Not yet paid' },
});

/** Source: https://github.com/nasirul786/BB-Point-API, api/invoice-status.md */
const asDocumented = (invoice: BbpInvoice): Rendered =>
  invoice.status === 'paid'
    ? failure('Invoice has been paid already.')
    : { status: 'success', invoice };

/** Shows an invoice to whoever has its creator's PIN. */
export const invoiceStatus: Command = (bot, { invoiceId, pin }) => {
  if (!invoiceId || !pin) {
    return failure('Missing required parameters: invoiceId and pin are required.');
  }
  const invoice = bot.state.invoices.get(textOf(invoiceId));
  if (invoice === undefined) return failure('Invalid invoiceId. Invoice not found.');
  const refused = pinFailure(bot, invoice.userId, pin, {
    unset: "❌ User's pin is not set. Please set a pin first.",
    incorrect: '❌ Incorrect pin provided.',
  });
  if (refused !== undefined) return refused;
  return bot.state.settings().invoiceStatus === 'source'
    ? asInSource(invoice)
    : asDocumented(invoice);
};
