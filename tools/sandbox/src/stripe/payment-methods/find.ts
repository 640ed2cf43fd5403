import type { Stripe } from 'stripe';
import { resourceMissing } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { createPaymentMethod } from './build.ts';
import { cardFromTest } from './card.ts';
import { testCardByName } from './test-cards.ts';

/** Stripe's ready-made bank account for tests of payments that take days. */
const testBankAccount = 'pm_usBankAccount_success';

/**
 * A payment method by id. A ready-made one (`pm_card_visa`) stands for a new object each time it is used, as at Stripe.
 * @throws StripeError when there is none.
 */
export const findPaymentMethod = (
  call: Call,
  id: string,
  paramName = 'id',
): Stripe.PaymentMethod => {
  const method = call.state.paymentMethods.get(id);
  if (method !== undefined) return method;
  if (id === testBankAccount) return createPaymentMethod(call, { type: 'us_bank_account' });
  const card = id.startsWith('pm_card_') ? testCardByName(id) : undefined;
  if (card === undefined) throw resourceMissing('PaymentMethod', id, paramName);
  return createPaymentMethod(call, { type: 'card' }, cardFromTest(card, call.now));
};
