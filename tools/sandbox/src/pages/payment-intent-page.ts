import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import { toDecimal } from '../stripe/payment-intents/currencies.ts';
import { layout } from './layout.ts';
import type { PayerAction } from './payer-actions.ts';

interface Button {
  action: PayerAction;
  label: string;
}

const beforePayment: Button[] = [
  { action: 'pay', label: 'Pay' },
  { action: 'decline', label: 'Decline' },
  { action: 'require-authentication', label: 'Pay with 3-D Secure' },
];

const buttons: Record<string, Button[]> = {
  requires_payment_method: beforePayment,
  requires_confirmation: beforePayment,
  requires_action: [
    { action: 'authenticate', label: 'Authenticate' },
    { action: 'fail-authentication', label: 'Fail authentication' },
  ],
  processing: [
    { action: 'pay', label: 'The money arrives' },
    { action: 'decline', label: 'The bank returns it' },
  ],
  requires_capture: [
    { action: 'pay', label: 'Capture' },
    { action: 'decline', label: 'Release' },
  ],
};

const row = (term: string, value: unknown) =>
  html`<dt>${term}</dt>
    <dd>${String(value)}</dd>`;

const form = (path: string, { action, label }: Button, index: number) =>
  html`<form method="post" action="${path}/${action}">
    <button class="${index === 0 ? 'main' : ''}">${label}</button>
  </form>`;

/** Where a person plays the payer of one PaymentIntent. */
export const paymentIntentPage = (intent: Stripe.PaymentIntent, path: string) => {
  const error = intent.last_payment_error;
  const offered = buttons[intent.status] ?? [];
  return layout(
    `Pay ${intent.id}`,
    html`<p class="muted">Quittance sandbox · Stripe · no real money moves here</p>
      <h1>${toDecimal(intent.amount, intent.currency)} ${intent.currency.toUpperCase()}</h1>
      <p>
        <span class="status ${intent.status}">${intent.status}</span>
        ${intent.description ?? ''}
      </p>
      ${error === null ? '' : html`<p class="error">${error.message ?? error.code ?? ''}</p>`}
      <p>${offered.map((button, index) => form(path, button, index))}</p>
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
