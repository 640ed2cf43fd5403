import type { Stripe } from 'stripe';
import { StripeError, invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { findCustomer } from '../find-customer.ts';
import { testCardByFingerprint } from './test-cards.ts';

/** @throws StripeError 402 when the issuer declines the check that Stripe makes of a card it is to keep. */
export const attachPaymentMethod = (
  call: Call,
  method: Stripe.PaymentMethod,
  customerId: string,
): Stripe.PaymentMethod => {
  const customer = findCustomer(call, customerId, 'customer');
  if (method.customer === customer.id) return method;
  if (method.customer !== null) {
    throw invalidRequest(
      'The payment method you provided has already been attached to a customer.',
      { code: 'resource_already_exists' },
    );
  }
  const card = testCardByFingerprint(method.card?.fingerprint);
  if (card?.decline !== undefined && card.authentication === undefined && !card.attachable) {
    const { code, declineCode, message } = card.decline;
    throw new StripeError(402, {
      type: 'card_error',
      code,
      message,
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
    });
  }
  const attached: Stripe.PaymentMethod = {
    ...method,
    customer: customer.id,
    ...(method.card === undefined
      ? {}
      : {
          card: {
            ...method.card,
            checks: {
              address_line1_check: null,
              address_postal_code_check: null,
              cvc_check: 'pass',
            },
          },
        }),
  };
  call.state.paymentMethods.put(attached.id, attached);
  emit(call, 'payment_method.attached', attached);
  return attached;
};
