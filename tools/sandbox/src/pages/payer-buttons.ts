import { html } from 'hono/html';
import type { PayerAction } from './payer-actions.ts';

const beforePayment: { action: PayerAction; label: string }[] = [
  { action: 'pay', label: 'Pay' },
  { action: 'decline', label: 'Decline' },
  { action: 'require-authentication', label: 'Pay with 3-D Secure' },
];

/** What the payer, or the payer's bank, can do next, by the status of the PaymentIntent. */
export const payerButtons: Record<string, { action: PayerAction; label: string }[]> = {
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

/** A button that posts to an action below the page. */
export const actionButton = (
  path: string,
  { action, label }: { action: string; label: string },
  index: number,
) =>
  html`<form method="post" action="${path}/${action}">
    <button class="${index === 0 ? 'main' : ''}">${label}</button>
  </form>`;
