import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';

const refusal = z.object({
  ok: z.literal(false),
  code: z.enum(['provider_refused', 'conflict']),
  message: z.string(),
});

/** How a request that changes something at a provider ended for good. */
export type Outcome<T> = { ok: true; value: T } | z.infer<typeof refusal>;

export const readOutcome = <T>(value: z.ZodType<T>, text: string): Outcome<T> =>
  z
    .discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), refusal])
    .parse(parseJson(text));

/** What came of it, or the refusal thrown. */
export const deliver = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new DomainError(outcome.code, outcome.message);
  return outcome.value;
};
