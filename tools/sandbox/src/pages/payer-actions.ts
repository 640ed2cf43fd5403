import type { Stripe } from 'stripe';
import { unexpectedState } from '../stripe/api/errors.ts';
import type { Call } from '../stripe/call.ts';
import { authenticateIntent } from '../stripe/payment-intents/authenticate.ts';
import { cancelIntent } from '../stripe/payment-intents/cancel.ts';
import { captureIntent } from '../stripe/payment-intents/capture.ts';
import { confirmIntent } from '../stripe/payment-intents/confirm.ts';
import { findIntent } from '../stripe/payment-intents/find-intent.ts';
import { endProcessing } from '../stripe/payment-intents/settle.ts';

export const payerActions = [
  'pay',
  'decline',
  'require-authentication',
  'authenticate',
  'fail-authentication',
] as const;

export type PayerAction = (typeof payerActions)[number];

const confirmWith = (call: Call, intent: Stripe.PaymentIntent, method: string) => {
  const card = intent.payment_method_types.includes('card');
  if (
    !card &&
    !(method === 'pm_card_visa' && intent.payment_method_types.includes('us_bank_account'))
  ) {
    throw unexpectedState('This PaymentIntent takes no cards, so this page cannot pay it.', intent);
  }
  return confirmIntent(call, intent, {
    payment_method: card ? method : 'pm_usBankAccount_success',
  });
};

/** Does what the payer (or, once the payer is done, the bank or the merchant) would do next. */
export const performAction = (
  call: Call,
  intentId: string,
  action: PayerAction,
): Stripe.PaymentIntent => {
  const intent = findIntent(call, intentId);
  const { status } = intent;
  switch (action) {
    case 'pay':
      if (status === 'requires_action') return authenticateIntent(call, intent, true);
      if (status === 'processing') return endProcessing(call, intent, true);
      if (status === 'requires_capture') return captureIntent(call, intent, {});
      return confirmWith(call, intent, 'pm_card_visa');
    case 'decline':
      if (status === 'requires_action') return authenticateIntent(call, intent, false);
      if (status === 'processing') return endProcessing(call, intent, false);
      if (status === 'requires_capture') return cancelIntent(call, intent, undefined);
      return confirmWith(call, intent, 'pm_card_visa_chargeDeclined');
    case 'require-authentication':
      return confirmWith(call, intent, 'pm_card_threeDSecure2Required');
    case 'authenticate':
      return authenticateIntent(call, intent, true);
    case 'fail-authentication':
      return authenticateIntent(call, intent, false);
  }
};
