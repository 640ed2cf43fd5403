import { z } from 'zod';
import { MinorUnits } from './money.ts';

/** Something that we ourselves did to an invoice, or asked its provider for. */
export const Act = z.object({
  id: z.int().positive(),
  /** `close` is a cancel that is ours alone, where the provider knows none. */
  kind: z.enum(['expire', 'close', 'cancel', 'refund']),
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
