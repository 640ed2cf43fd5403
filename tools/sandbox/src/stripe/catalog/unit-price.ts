import { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';

/**
 * Minor units; undefined when the parameters give none.
 * @throws StripeError when they give two, or less than 0.
 */
export const unitPrice = ({
  unit_amount: whole,
  unit_amount_decimal: exact,
}: {
  unit_amount?: number | undefined;
  unit_amount_decimal?: Stripe.Decimal | undefined;
}): Stripe.Decimal | undefined => {
  if (whole !== undefined && exact !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: unit_amount, unit_amount_decimal.',
      { param: 'unit_amount' },
    );
  }
  if (whole === undefined) return exact;
  if (whole < 0) {
    throw invalidRequest('Invalid non-negative integer', {
      code: 'parameter_invalid_integer',
      param: 'unit_amount',
    });
  }
  return Stripe.Decimal.from(whole);
};
