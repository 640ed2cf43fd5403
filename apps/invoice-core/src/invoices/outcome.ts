import { Invoice } from '@quittance/contracts';
import { DomainError, parseJson, Refusal } from '@quittance/rpc';
import { z } from 'zod';

const refusal = z.object({
  ok: z.literal(false),
  code: z.enum(['provider_refused', 'conflict']),
  message: z.string(),
  refusal: Refusal.optional(),
});

/** An invoice as an answer was kept of it, maybe when invoices had neither project nor payload. */
export const KeptInvoice = Invoice.extend({
  projectId: Invoice.shape.projectId.default(null),
  payload: Invoice.shape.payload.default(null),
});

/** How a request that changes something at a provider ended for good. */
export type Outcome<T> = { ok: true; value: T } | z.infer<typeof refusal>;

export const readOutcome = <T>(value: z.ZodType<T>, text: string): Outcome<T> =>
  z
    .discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), refusal])
    .parse(parseJson(text));

/** What came of it, or the refusal thrown. */
export const deliver = <T>(outcome: Outcome<T>): T => {
  if (outcome.ok) return outcome.value;
  const { code, message, refusal: answered } = outcome;
  throw new DomainError(code, message, { refusal: answered });
};
