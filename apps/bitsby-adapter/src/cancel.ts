import type { ActInput, Observation } from '@quittance/contracts';
import type { BitsbyDeps } from './deps.ts';
import { isRefused, notPossible } from './errors.ts';
import { findByRef } from './find.ts';
import { lookNow } from './look.ts';
import { canceledObservation } from './mapping.ts';
import { patienceOf } from './patience.ts';

const hasEnded = ({ facts }: Observation): boolean =>
  facts.some(
    (fact) => fact.kind === 'progress' && (fact.state === 'canceled' || fact.state === 'expired'),
  );

/**
 * Cancels an invoice, which Bitsby does only while it is not paid and nobody has seen its payment page. What is refused
 * may have been done by an earlier try, or have ended by itself.
 * https://docs.bitsby.app/api-documentation/invoice-cancellation
 */
export const act = async (
  deps: BitsbyDeps,
  { ref, object, act: { kind } }: ActInput,
): Promise<Observation> => {
  if (kind !== 'cancel') throw notPossible(`A Bitsby invoice can only be canceled, not: ${kind}`);
  const { bitsby, config, clock } = deps;
  const patience = patienceOf(deps, config.BITSBY_PATIENCE_MS);
  try {
    await bitsby.order('/invoices/cancel', { invoiceId: ref }, patience);
    return canceledObservation({ ref, object }, lookNow(clock));
  } catch (error) {
    if (!isRefused(error)) throw error;
    const { observations } = await findByRef(deps, { ref, object, hints: [], patience });
    const ended = observations.find(hasEnded);
    if (ended) return ended;
    throw error;
  }
};
