import { Hono } from 'hono';
import type { Stripe } from 'stripe';
import type { Call } from '../stripe/call.ts';
import { findIntent } from '../stripe/payment-intents/find-intent.ts';
import { pagePath } from '../stripe/payment-intents/page-url.ts';
import type { StripeEmulator } from '../stripe/stripe-emulator.ts';
import { bankActions, offeredBankActions, performBankAction } from './bank-actions.ts';
import { performAction, payerActions } from './payer-actions.ts';
import { payerButtons } from './payer-buttons.ts';
import { paymentIntentPage } from './payment-intent-page.ts';
import { refused } from './refused.ts';
import { wantsJson } from './wants-json.ts';

/** Stripe sends the payer back to the merchant with these parameters. Source: https://docs.stripe.com/payments/3d-secure */
const returnUrlOf = (
  before: Stripe.PaymentIntent,
  after: Stripe.PaymentIntent,
): string | undefined => {
  const returnUrl = before.next_action?.redirect_to_url?.return_url;
  if (!returnUrl || !URL.canParse(returnUrl)) return undefined;
  const url = new URL(returnUrl);
  url.searchParams.set('payment_intent', after.id);
  url.searchParams.set('payment_intent_client_secret', after.client_secret ?? '');
  url.searchParams.set(
    'redirect_status',
    after.status === 'requires_payment_method' ? 'failed' : 'succeeded',
  );
  return url.href;
};

const offeredActions = (stripe: StripeEmulator, intent: Stripe.PaymentIntent): string[] => [
  ...payerButtons(intent).map(({ action }) => action),
  ...offeredBankActions(stripe.state, intent),
];

/** The page of each PaymentIntent, and the actions behind its buttons. */
export const createStripePages = (stripe: StripeEmulator): Hono => {
  const pages = new Hono();

  pages.get('/payment_intents/:id', (c) => {
    const intent = stripe.state.paymentIntents.get(c.req.param('id'));
    if (intent === undefined) return c.text('There is no such PaymentIntent.', 404);
    return wantsJson(c.req.raw)
      ? c.json(intent)
      : c.html(
          paymentIntentPage(intent, pagePath(intent.id), offeredBankActions(stripe.state, intent)),
        );
  });

  const onAction = (action: string, perform: (call: Call, id: string) => object): void => {
    pages.post(`/payment_intents/:id/${action}`, (c) => {
      const id = c.req.param('id');
      const before = stripe.state.paymentIntents.get(id);
      const origin = new URL(c.req.url).origin;
      const outcome = stripe.act(origin, (call) => perform(call, id));
      const after = stripe.state.paymentIntents.get(id);
      // A declined payment is what the button was for; other errors are the caller's.
      const failed = outcome.status !== 200 && outcome.status !== 402;
      if (before === undefined || after === undefined) {
        return c.text('There is no such PaymentIntent.', 404);
      }
      if (failed) {
        const offered = offeredActions(stripe, after).includes(action);
        return refused(c, outcome, { path: pagePath(id), offered });
      }
      if (wantsJson(c.req.raw)) return c.json(after);
      return c.redirect(returnUrlOf(before, after) ?? pagePath(id), 303);
    });
  };
  for (const action of payerActions) {
    onAction(action, (call, id) => performAction(call, id, action));
  }
  for (const action of bankActions) {
    onAction(action, (call, id) => performBankAction(call, findIntent(call, id), action));
  }
  return pages;
};
