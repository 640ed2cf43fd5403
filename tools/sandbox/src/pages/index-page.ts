import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import type { MovableClock } from '../clock/movable-clock.ts';
import type { FaultReport } from '../faults/faults.ts';
import { toDecimal } from '../stripe/payment-intents/currencies.ts';
import { pathOfUrl } from '../stripe/invoices/urls.ts';
import { pagePath } from '../stripe/payment-intents/page-url.ts';
import { layout } from './layout.ts';

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
  recent: { intents: Stripe.PaymentIntent[]; invoices: Stripe.Invoice[] },
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
