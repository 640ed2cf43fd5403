import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import { invoiceFacts, invoiceSums, money, unitPrice } from './invoice-facts.ts';
import { layout } from './layout.ts';
import { actionButton, invoiceButtons } from './payer-buttons.ts';

const row = (term: string, value: string) =>
  html`<dt>${term}</dt>
    <dd>${value}</dd>`;

const lineRow = (invoice: Stripe.Invoice, line: Stripe.InvoiceLineItem) =>
  html`<tr>
    <td class="text">${line.description ?? 'Item'}</td>
    <td class="amount">${line.quantity ?? 1}</td>
    <td class="amount">${unitPrice(line, invoice)}</td>
    <td class="amount">${money(line.amount, invoice)}</td>
  </tr>`;

/** Where a customer reads an invoice and plays its payer. `intent` is the PaymentIntent that it waits for. */
export const invoicePage = (
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent | undefined,
  path: string,
) => {
  const error = intent?.last_payment_error;
  return layout(
    `Invoice ${invoice.number ?? invoice.id}`,
    html`<p class="muted">Quittance sandbox · Stripe · no real money moves here</p>
      <h1>${money(invoice.amount_due, invoice)}</h1>
      <p>
        <span class="status ${invoice.status}">${invoice.status}</span>
      </p>
      <p class="text">${invoice.description ?? ''}</p>
      ${error ? html`<p class="error">${error.message ?? error.code ?? ''}</p>` : ''}
      <p>
        ${invoiceButtons(invoice, intent).map((button, index) => actionButton(path, button, index))}
      </p>
      <dl>${invoiceFacts(invoice).map(([term, value]) => row(term, value))}</dl>
      <table class="lines">
        <tr>
          <th>Description</th>
          <th class="amount">Quantity</th>
          <th class="amount">Unit price</th>
          <th class="amount">Amount</th>
        </tr>
        ${invoice.lines.data.map((line) => lineRow(invoice, line))}
      </table>
      <dl>${invoiceSums(invoice).map(([term, value]) => row(term, value))}</dl>
      <p class="muted text">${invoice.footer ?? ''}</p>
      <p>
        <a href="${path}/pdf">Download the PDF</a> · <a href="/_sandbox">All of the sandbox</a>
      </p>`,
  );
};
