import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import type { Invoice, Project } from '../bitsby/state.ts';
import type { BbpInvoice } from '../bots-business/state.ts';
import type { MovableClock } from '../clock/movable-clock.ts';
import type { FaultReport } from '../faults/faults.ts';
import { toDecimal } from '../stripe/payment-intents/currencies.ts';
import { pathOfUrl } from '../stripe/invoices/urls.ts';
import { pagePath } from '../stripe/payment-intents/page-url.ts';
import type { Bot, Person } from '../telegram/state.ts';
import { bitsbyInvoiceRow, bitsbyProjectRow } from './bitsby-rows.ts';
import { bbpInvoiceRow } from './bots-business-invoice-page.ts';
import { layout } from './layout.ts';
import { telegramBotRow, telegramPersonRow } from './telegram-index-page.ts';
import { telegramPath } from './telegram-paths.ts';

const intentRow = (intent: Stripe.PaymentIntent) =>
  html`<tr>
    <td><a href="${pagePath(intent.id)}">${intent.id}</a></td>
    <td>${toDecimal(intent.amount, intent.currency)} ${intent.currency.toUpperCase()}</td>
    <td><span class="status ${intent.status}">${intent.status}</span></td>
  </tr>`;

const invoiceRow = (invoice: Stripe.Invoice) => {
  const path = pathOfUrl(invoice.hosted_invoice_url);
  const name = invoice.number ?? invoice.id;
  return html`<tr>
    <td>${path === undefined ? name : html`<a href="${path}">${name}</a>`}</td>
    <td>${toDecimal(invoice.amount_due, invoice.currency)} ${invoice.currency.toUpperCase()}</td>
    <td><span class="status ${invoice.status}">${invoice.status}</span></td>
  </tr>`;
};

type Fragment = ReturnType<typeof html>;

const table = (rows: Fragment[]) =>
  html`<table>
    ${
      rows.length === 0
        ? html`<tr>
            <td class="muted">None yet.</td>
          </tr>`
        : rows
    }
  </table>`;

/** What is emulated here, and what happened lately. */
export const indexPage = (
  emulated: readonly { name: string; operations: readonly string[] }[],
  recent: {
    intents: Stripe.PaymentIntent[];
    invoices: Stripe.Invoice[];
    bitsbyInvoices: Invoice[];
    bitsbyProjects: Project[];
    bbpInvoices: BbpInvoice[];
    telegramBots: Bot[];
    telegramPeople: Person[];
  },
  { seed, injected }: FaultReport,
  clock: MovableClock,
) =>
  layout(
    'Quittance sandbox',
    html`<p class="muted">Payment providers, emulated. No real money moves here.</p>
      <h1>Quittance sandbox</h1>
      <h2>Recent PaymentIntents</h2>
      ${table(recent.intents.map(intentRow))}
      <h2>Recent invoices</h2>
      ${table(recent.invoices.map(invoiceRow))}
      <h2>Recent invoices of Bitsby</h2>
      ${table(recent.bitsbyInvoices.map((invoice) => bitsbyInvoiceRow(invoice, clock.now())))}
      <h2>Projects of Bitsby</h2>
      ${table(recent.bitsbyProjects.map(bitsbyProjectRow))}
      <h2>Recent invoices of the BBP bot</h2>
      ${table(recent.bbpInvoices.map(bbpInvoiceRow))}
      <h2>Telegram</h2>
      <p><a href="${telegramPath}">Bots, people and their chats</a></p>
      ${table(recent.telegramBots.map(telegramBotRow))}
      ${table(
        recent.telegramPeople.map((person) => telegramPersonRow(recent.telegramBots, person)),
      )}
      <h2>Clock</h2>
      <p>
        <code>${new Date(clock.now()).toISOString()}</code>,
        ${clock.offsetMs() === 0 ? 'system time' : `moved by ${clock.offsetMs()} ms`}:
        <a href="/_sandbox/clock">details</a>
      </p>
      <h2>Faults</h2>
      <p>
        Seed <code>${seed}</code>, ${injected.length} injected so far:
        <a href="/_sandbox/faults">details</a>
      </p>
      ${emulated.map(
        ({ name, operations }) =>
          html`<h2>${name}</h2>
            ${operations.map((operation) => html`<code>${operation}</code><br />`)}`,
      )}`,
  );
