import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import type { MovableClock } from '../clock/movable-clock.ts';
import type { FaultReport } from '../faults/faults.ts';
import { toDecimal } from '../stripe/payment-intents/currencies.ts';
import { pagePath } from '../stripe/payment-intents/page-url.ts';
import { layout } from './layout.ts';

const intentRow = (intent: Stripe.PaymentIntent) =>
  html`<tr>
    <td><a href="${pagePath(intent.id)}">${intent.id}</a></td>
    <td>${toDecimal(intent.amount, intent.currency)} ${intent.currency.toUpperCase()}</td>
    <td><span class="status ${intent.status}">${intent.status}</span></td>
  </tr>`;

/** What is emulated here, and what happened lately. */
export const indexPage = (
  emulated: readonly { name: string; operations: readonly string[] }[],
  intents: Stripe.PaymentIntent[],
  { seed, injected }: FaultReport,
  clock: MovableClock,
) =>
  layout(
    'Quittance sandbox',
    html`<p class="muted">Payment providers, emulated. No real money moves here.</p>
      <h1>Quittance sandbox</h1>
      <h2>Recent PaymentIntents</h2>
      <table>
        ${
          intents.length === 0
            ? html`<tr>
                <td class="muted">None yet.</td>
              </tr>`
            : intents.map(intentRow)
        }
      </table>
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
