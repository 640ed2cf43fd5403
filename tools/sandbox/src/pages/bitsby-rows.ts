import { html } from 'hono/html';
import { payPagePath } from '../bitsby/invoices/page-url.ts';
import { statusOf } from '../bitsby/invoices/status.ts';
import type { Invoice, Project } from '../bitsby/state.ts';

/** An invoice on the index page. Its link is the buyer's: following it counts as a view. */
export const bitsbyInvoiceRow = (invoice: Invoice, now: number) => {
  const status = statusOf(invoice, now);
  return html`<tr>
    <td><a href="${payPagePath(invoice.uid)}">${invoice.uid}</a></td>
    <td>${invoice.amountFiat} ${invoice.currencyFiat}</td>
    <td><span class="status ${status}">${status}</span></td>
  </tr>`;
};

export const bitsbyProjectRow = ({ id, name, webhookUrl }: Project) =>
  html`<tr>
    <td>${name}</td>
    <td><code>${id}</code></td>
    <td class="text">${webhookUrl ?? 'no webhook'}</td>
  </tr>`;
