import type { Observation, RefundInput } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Stripe } from 'stripe';
import { createOnce } from './create-once.ts';
import { toStripeAmount } from './currencies.ts';
import { refusable } from './errors.ts';
import type { StripeDeps } from './payment-intents.ts';
import { refundObservation } from './refund-mapping.ts';

/** Where a Stripe refund says which of ours it is. */
const keyField = 'quittance_refund';

const findRefund = async (
  stripe: Stripe,
  { ref, key }: RefundInput,
): Promise<Stripe.Refund | undefined> => {
  for await (const refund of stripe.refunds.list({ payment_intent: ref, limit: 100 })) {
    if (refund.metadata?.[keyField] === key) return refund;
  }
  return undefined;
};

export const refundIntent = async (
  { stripe }: StripeDeps,
  input: RefundInput,
): Promise<Observation> => {
  const { ref, key, money } = input;
  const params = {
    payment_intent: ref,
    amount: toStripeAmount(money),
    metadata: { [keyField]: key },
  };
  const find = () => findRefund(stripe, input);
  const create = async (): Promise<Stripe.Refund> => {
    try {
      return await createOnce(key, {
        create: (options) => refusable(() => stripe.refunds.create(params, options)),
        find,
      });
    } catch (error) {
      // Refused because it is done already, under a key that Stripe has forgotten since.
      const done = error instanceof DomainError ? await find() : undefined;
      if (done) return done;
      throw error;
    }
  };
  const done = input.mayBeDone ? await find() : undefined;
  return refundObservation(ref, done ?? (await create()));
};
