import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import type { PayerAction } from './payer-actions.ts';

interface PayerButton {
  action: PayerAction;
  label: string;
}

const beforePayment: PayerButton[] = [
  { action: 'pay', label: 'Pay' },
  { action: 'decline', label: 'Decline' },
  { action: 'require-authentication', label: 'Pay with 3-D Secure' },
];

const byStatus: Record<string, PayerButton[]> = {
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

/** What the payer, or the payer's bank, can do next. */
export const payerButtons = (intent: Stripe.PaymentIntent | undefined): PayerButton[] =>
  byStatus[intent?.status ?? ''] ?? [];

const payable = ['open', 'uncollectible'];

/** What the payer of an invoice can do next; `intent` is the PaymentIntent that it waits for. */
export const invoiceButtons = (
  invoice: Stripe.Invoice | undefined,
  intent: Stripe.PaymentIntent | undefined,
): PayerButton[] => (payable.includes(invoice?.status ?? '') ? payerButtons(intent) : []);

/** A button that posts to an action below the page. */
export const actionButton = (
  path: string,
  { action, label }: { action: string; label: string },
  index: number,
) =>
  html`<form method="post" action="${path}/${action}">
    <button class="${index === 0 ? 'main' : ''}">${label}</button>
  </form>`;
