import type { Stripe } from 'stripe';
import { toDecimal } from '../stripe/payment-intents/currencies.ts';
import { invoiceFacts, invoiceSums } from './invoice-facts.ts';
import { createPdfSheet, type Column } from './pdf-sheet.ts';

const columns = (description: string, quantity: string, amount: string): Column[] => [
  { text: description, at: 0, width: 300 },
  { text: quantity, at: 320, width: 50 },
  { text: amount, at: 380, width: 103 },
];

const pair = ([term, value]: [string, string], at: number): Column[] => [
  { text: term, at, width: 120 },
  { text: value, at: at + 130, width: 483 - at - 130 },
];

/** The invoice as a document: facts, every line, sums. */
export const invoicePdf = async (invoice: Stripe.Invoice): Promise<Uint8Array> => {
  const sheet = await createPdfSheet({
    title: `Invoice ${invoice.number ?? invoice.id}`,
    created: new Date((invoice.effective_at ?? invoice.created) * 1_000),
  });
  sheet.heading('Invoice');
  sheet.space(12);
  for (const fact of invoiceFacts(invoice)) sheet.row(pair(fact, 0));
  if (invoice.description !== null) {
    sheet.space(12);
    sheet.row([{ text: invoice.description, at: 0, width: 483 }]);
  }
  sheet.space(16);
  sheet.row(columns('Description', 'Quantity', 'Amount'), { bold: true });
  for (const { amount, description, quantity } of invoice.lines.data) {
    sheet.row(
      columns(description ?? 'Item', String(quantity ?? 1), toDecimal(amount, invoice.currency)),
    );
  }
  sheet.space(16);
  for (const sum of invoiceSums(invoice)) sheet.row(pair(sum, 250));
  if (invoice.footer !== null) {
    sheet.space(16);
    sheet.row([{ text: invoice.footer, at: 0, width: 483 }]);
  }
  return sheet.toBytes();
};
