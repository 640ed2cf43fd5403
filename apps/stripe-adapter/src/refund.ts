import type { Observation, RefundInput } from '@quittance/contracts';
import type { Stripe } from 'stripe';
import { createOnce } from './create-once.ts';
import { toStripeAmount } from './currencies.ts';
import { isRefused, refusable } from './errors.ts';
import { choosePayment, paymentsOf } from './invoice-payments.ts';
import type { StripeDeps } from './payment-intents.ts';
import { refundObservation } from './refund-mapping.ts';
import { isInvoiceRef } from './refs.ts';

/** Where a Stripe refund says which of ours it is. */
const keyField = 'quittance_refund';

/** What the money came by: PaymentIntents, of which one gives it back. */
interface Source {
  intents: readonly string[];
  /** @throws DomainError `provider_refused` when none can */
  choose: () => string;
}

const sourceOf = async ({ stripe }: StripeDeps, { ref, money }: RefundInput): Promise<Source> => {
  if (!isInvoiceRef(ref)) return { intents: [ref], choose: () => ref };
  const payments = await paymentsOf(stripe, ref);
  return {
    intents: payments.map(({ intent }) => intent),
    choose: () => choosePayment(payments, money).intent,
  };
};

const findRefund = async (
  stripe: Stripe,
  { intents }: Source,
  key: string,
): Promise<Stripe.Refund | undefined> => {
  for (const intent of intents) {
    for await (const refund of stripe.refunds.list({ payment_intent: intent, limit: 100 })) {
      if (refund.metadata?.[keyField] === key) return refund;
    }
  }
  return undefined;
};

export const refund = async (deps: StripeDeps, input: RefundInput): Promise<Observation> => {
  const { stripe } = deps;
  const { ref, key, money, mayBeDone } = input;
  const source = await sourceOf(deps, input);
  const find = () => findRefund(stripe, source, key);
  const create = async (): Promise<Stripe.Refund> => {
    try {
      const params = {
        payment_intent: source.choose(),
        amount: toStripeAmount(money),
        metadata: { [keyField]: key },
      };
      return await createOnce(key, {
        create: (options) => refusable(() => stripe.refunds.create(params, options)),
        find,
      });
    } catch (error) {
      // Refused because it is done already, under a key that Stripe has forgotten since.
      const done = isRefused(error) ? await find() : undefined;
      if (done) return done;
      throw error;
    }
  };
  const done = mayBeDone ? await find() : undefined;
  return refundObservation(ref, done ?? (await create()));
};
