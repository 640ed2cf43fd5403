import { z } from 'zod';
import { Money } from './money.ts';

export const RefundState = z.enum(['pending', 'succeeded', 'failed', 'canceled']);
export const DisputeState = z.enum(['open', 'won', 'lost']);

/** One thing that a piece of evidence says. Facts merge: twice, late or in any order they say the same. */
export const Fact = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    state: z.enum(['awaiting', 'processing', 'attempt_failed', 'expired', 'canceled', 'refused']),
    /** Why, in the provider's words. */
    reason: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('payment'),
    /** The provider's id of the payment; its money only ever grows. */
    ref: z.string(),
    money: Money,
    /** When the money moved, where the provider says so; else the time of the evidence stands for it. */
    paidAt: z.iso.datetime().nullable(),
    /** Who paid, in the provider's words. */
    payer: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('refund'),
    ref: z.string(),
    money: Money,
    state: RefundState,
  }),
  z.object({
    kind: z.literal('dispute'),
    ref: z.string(),
    money: Money,
    state: DisputeState,
  }),
]);
export type Fact = z.infer<typeof Fact>;

/** One piece of evidence from a provider, with the bytes that it came in. */
export const Observation = z.object({
  /** The provider's own id of this evidence (`evt_...`), or one derived from it: seen twice, it counts once. */
  evidenceId: z.string().min(1),
  /** The provider's id of what it is about (`pi_...`); null where the provider made nothing. */
  ref: z.string().nullable(),
  /** When it was so, by the provider's clock. */
  occurredAt: z.iso.datetime(),
  facts: z.array(Fact),
  /** The provider's object that the invoice stands for, as JSON text, as it was then; null where none came. */
  providerData: z.string().nullable(),
  /** What came over the wire, where that is more than `providerData` (a webhook) or something else (an error). */
  raw: z.string().nullable(),
});
export type Observation = z.infer<typeof Observation>;
