import type { ActInput, Observation } from '@quittance/contracts';
import { createOnce } from './create-once.ts';
import { refusable } from './errors.ts';
import { lookOf } from './look.ts';
import { seenObservation } from './mapping.ts';
import { retrieveIntent, type StripeDeps } from './payment-intents.ts';

const isCanceled = ({ facts }: Observation): boolean =>
  facts.some((fact) => fact.kind === 'progress' && fact.state === 'canceled');

export const cancelIntent = (
  deps: StripeDeps,
  { ref, key }: Omit<ActInput, 'act'>,
): Promise<Observation> =>
  createOnce(key, {
    create: (options) =>
      refusable(async () => {
        const intent = await deps.stripe.paymentIntents.cancel(ref, {}, options);
        return seenObservation(intent, lookOf(intent, deps.clock));
      }),
    find: async () => {
      const seen = await retrieveIntent(deps, ref);
      return seen && isCanceled(seen) ? seen : undefined;
    },
  });
