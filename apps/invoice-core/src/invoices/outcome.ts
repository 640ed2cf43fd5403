import { Invoice } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Transaction } from '../store/store.ts';

/** The answer to a create that is settled for good, as it is kept under the client's key. */
const Outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), invoice: Invoice }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** What an answer is about. */
export type Subject = `invoice:${number}` | `act:${number}`;

export const keepOutcome = async (
  tx: Transaction,
  subject: Subject,
  outcome: Outcome,
): Promise<void> => {
  await tx
    .updateTable('idempotency_records')
    .set({ outcome: JSON.stringify(outcome) })
    .where('subject', '=', subject)
    .where('outcome', 'is', null)
    .execute();
};

export const readOutcome = (text: string): Outcome => Outcome.parse(parseJson(text));

/** The invoice, or the provider's refusal thrown. */
export const deliver = (outcome: Outcome): Invoice => {
  if (!outcome.ok) throw new DomainError('provider_refused', outcome.message);
  return outcome.invoice;
};
