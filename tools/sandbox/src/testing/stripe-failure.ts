import { Stripe } from 'stripe';

/** The error that the SDK throws for this call. Fails when it throws none, or one that is not Stripe's. */
export const failureOf = async (
  call: Promise<unknown>,
): Promise<InstanceType<typeof Stripe.errors.StripeError>> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call succeeded');
};
