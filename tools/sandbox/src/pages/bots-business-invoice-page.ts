import { html } from 'hono/html';
import { textOf } from '../bots-business/loose.ts';
import type { BbpInvoice, BbpUser } from '../bots-business/state.ts';
import { layout } from './layout.ts';

export const bbpInvoicePath = (invoiceId: string): string =>
  `/_sandbox/bots-business/invoices/${encodeURIComponent(invoiceId)}`;

const userOption = ([id, { name, balance }]: [string, BbpUser]) =>
  html`<option value="${id}">${name === null ? id : `${name} (${id})`}: ${balance} BBP</option>`;

const payForm = (invoice: BbpInvoice, users: readonly [string, BbpUser][]) =>
  users.length === 0
    ? html`<p class="muted">
        There is nobody to pay it: make a user with PUT /_sandbox/bots-business/users/:id.
      </p>`
    : html`<form method="post" action="${bbpInvoicePath(invoice.invoiceId)}/pay">
        <p>
          <label
            >Pay as
            <select name="userId">
              ${users.map(userOption)}
            </select></label
          >
        </p>
        <button class="main" name="by" value="chat">💳 Pay Invoice</button>
        <button name="by" value="qr">Scan the QR code in the mini app</button>
      </form>`;

/** The chat with the bot after `/start invoice-...`, where a person plays one of its users. */
export const botsBusinessInvoicePage = (
  invoice: BbpInvoice,
  users: readonly [string, BbpUser][],
) => {
  const { invoiceId, title, amount, description, status, userId, paidBy, payLink } = invoice;
  return layout(
    `Pay ${invoiceId}`,
    html`<p class="muted">Quittance sandbox · Bots.Business · no real points move here</p>
      <h1>🧾 Invoice Details</h1>
      <p><span class="status ${status}">${status}</span></p>
      <dl>
        <dt>🔖 Title</dt>
        <dd class="text">${textOf(title)}</dd>
        <dt>💰 Amount</dt>
        <dd>${textOf(amount)} BBP</dd>
        <dt>📝 Description</dt>
        <dd class="text">${textOf(description)}</dd>
      </dl>
      ${status === 'paid' ? '' : payForm(invoice, users)}
      <h2>Behind it</h2>
      <dl>
        <dt>Invoice</dt>
        <dd><code>${invoiceId}</code></dd>
        <dt>Made by</dt>
        <dd>${textOf(userId)}</dd>
        <dt>Paid by</dt>
        <dd>${paidBy === null ? 'nobody' : textOf(paidBy)}</dd>
        <dt>Pay link</dt>
        <dd><code>${payLink}</code></dd>
      </dl>
      <p><a href="/_sandbox">All of the sandbox</a></p>`,
  );
};

/** One line of the index of the sandbox. */
export const bbpInvoiceRow = ({ invoiceId, amount, status }: BbpInvoice) =>
  html`<tr>
    <td><a href="${bbpInvoicePath(invoiceId)}">${invoiceId}</a></td>
    <td>${textOf(amount)} BBP</td>
    <td><span class="status ${status}">${status}</span></td>
  </tr>`;
