import { z } from 'zod';
import { MinorUnits } from './money.ts';

/** What a provider can be asked to do with an invoice, beside opening it and giving money back. */
export const ProviderAct = z.discriminatedUnion('kind', [
  /** Ends it, whatever that takes at the provider. */
  z.object({ kind: z.literal('cancel') }),
  /** Makes a draft payable, after which its terms are fixed. */
  z.object({ kind: z.literal('finalize') }),
  /** Collects the money now. */
  z.object({
    kind: z.literal('pay'),
    /** The provider's id of what pays; null for what it has on record. */
    paymentMethod: z.string().min(1).max(255).nullable(),
    /** Whether it was paid elsewhere, and the provider only has to know. */
    outOfBand: z.boolean(),
  }),
  /** Has the provider send it to the payer. */
  z.object({ kind: z.literal('send') }),
  /** Declares it void; what is still a draft cannot be. */
  z.object({ kind: z.literal('void') }),
  /** Writes it off, though it can still be paid. */
  z.object({ kind: z.literal('mark_uncollectible') }),
]);
export type ProviderAct = z.infer<typeof ProviderAct>;
export type ProviderActKind = ProviderAct['kind'];

export const ProviderActKind = z.enum(ProviderAct.options.map((act) => act.shape.kind.value));

/** Something that we ourselves did to an invoice, or asked its provider for. */
export const Act = z.object({
  id: z.int().positive(),
  /** `close` is a cancel that is ours alone, where the provider knows none. */
  kind: z.enum(['expire', 'close', 'refund', ...ProviderActKind.options]),
  /** `pending` until there is evidence of what came of it: its outcome is not known. */
  state: z.enum(['pending', 'done', 'refused']),
  /** Minor units of the invoice's currency, for a refund. */
  amount: MinorUnits.nullable(),
  reason: z.string().nullable(),
  /** What it made at the provider, e.g. the refund's id. */
  providerRef: z.string().nullable(),
  /** Why it was refused, in the provider's words. */
  message: z.string().nullable(),
  madeAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
});
export type Act = z.infer<typeof Act>;
