import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import { invoiceFacts, invoiceSums, money } from './invoice-facts.ts';
import { layout } from './layout.ts';
import { actionButton, payerButtons } from './payer-buttons.ts';

const row = (term: string, value: string) =>
  html`<dt>${term}</dt>
    <dd>${value}</dd>`;

const lineRow = (invoice: Stripe.Invoice, line: Stripe.InvoiceLineItem) =>
  html`<tr>
    <td>${line.description ?? 'Item'}</td>
    <td>${line.quantity ?? 1}</td>
    <td>${money(line.amount, invoice)}</td>
  </tr>`;

const payable = ['open', 'uncollectible'];

/** Where a customer reads an invoice and plays its payer. `intent` is the PaymentIntent that it waits for. */
export const invoicePage = (
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent | undefined,
  path: string,
) => {
  const error = intent?.last_payment_error;
  const offered = payable.includes(invoice.status ?? '')
    ? (payerButtons[intent?.status ?? ''] ?? [])
    : [];
  return layout(
    `Invoice ${invoice.number ?? invoice.id}`,
    html`<p class="muted">Quittance sandbox · Stripe · no real money moves here</p>
      <h1>${money(invoice.amount_due, invoice)}</h1>
      <p>
        <span class="status ${invoice.status}">${invoice.status}</span>
        ${invoice.description ?? ''}
      </p>
      ${error ? html`<p class="error">${error.message ?? error.code ?? ''}</p>` : ''}
      <p>${offered.map((button, index) => actionButton(path, button, index))}</p>
      <dl>${invoiceFacts(invoice).map(([term, value]) => row(term, value))}</dl>
      <table>
        <tr>
          <th>Description</th>
          <th>Quantity</th>
          <th>Amount</th>
        </tr>
        ${invoice.lines.data.map((line) => lineRow(invoice, line))}
      </table>
      <dl>${invoiceSums(invoice).map(([term, value]) => row(term, value))}</dl>
      <p class="muted">${invoice.footer ?? ''}</p>
      <p>
        <a href="${path}/pdf">Download the PDF</a> · <a href="/_sandbox">All of the sandbox</a>
      </p>`,
  );
};
