import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import { toDecimal } from '../stripe/payment-intents/currencies.ts';
import { layout } from './layout.ts';
import type { BankAction } from './bank-actions.ts';
import { actionButton, payerButtons } from './payer-buttons.ts';

const bankButtons: Record<BankAction, string> = {
  dispute: 'The bank disputes it',
  inquire: 'The bank inquires',
  'win-dispute': 'The bank decides for the merchant',
  'lose-dispute': 'The bank decides for the payer',
};

const row = (term: string, value: unknown) =>
  html`<dt>${term}</dt>
    <dd>${String(value)}</dd>`;

/** Where a person plays the payer of one PaymentIntent, and the payer's bank. */
export const paymentIntentPage = (
  intent: Stripe.PaymentIntent,
  path: string,
  bankActions: readonly BankAction[],
) => {
  const error = intent.last_payment_error;
  const offered = [
    ...payerButtons(intent),
    ...bankActions.map((action) => ({ action, label: bankButtons[action] })),
  ];
  return layout(
    `Pay ${intent.id}`,
    html`<p class="muted">Quittance sandbox · Stripe · no real money moves here</p>
      <h1>${toDecimal(intent.amount, intent.currency)} ${intent.currency.toUpperCase()}</h1>
      <p>
        <span class="status ${intent.status}">${intent.status}</span>
        ${intent.description ?? ''}
      </p>
      ${error === null ? '' : html`<p class="error">${error.message ?? error.code ?? ''}</p>`}
      <p>${offered.map((button, index) => actionButton(path, button, index))}</p>
      <dl>
        ${row('PaymentIntent', intent.id)} ${row('Customer', intent.customer ?? 'none')}
        ${row('Created', new Date(intent.created * 1_000).toISOString())}
        ${row('Received', toDecimal(intent.amount_received, intent.currency))}
        ${row('Ways to pay', intent.payment_method_types.join(', '))}
      </dl>
      <h2>Metadata</h2>
      <dl>${Object.entries(intent.metadata).map(([key, value]) => row(key, value))}</dl>
      <p><a href="/_sandbox">All of the sandbox</a></p>`,
  );
};
