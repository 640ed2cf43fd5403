import { z } from 'zod';
import { MinorUnits } from './money.ts';

/** How an account takes payments that do not fit, the same for every provider. */
export const PaymentPolicy = z.object({
  /** How far the money received may be from the amount owed and still settle it. */
  tolerance: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('absolute'), amount: MinorUnits }),
    z.object({ kind: z.literal('percent'), basisPoints: z.int().min(0).max(10_000) }),
  ]),
  /** Whether several payments may settle an invoice together. */
  topUp: z.boolean(),
  /** Whether money that arrives after expiry or cancellation settles the invoice, or is only flagged. */
  late: z.enum(['accept', 'flag']),
});
export type PaymentPolicy = z.infer<typeof PaymentPolicy>;

/** Exact to the minor unit, in as many payments as it takes, and late money is money. */
export const defaultPolicy: PaymentPolicy = {
  tolerance: { kind: 'absolute', amount: 0 },
  topUp: true,
  late: 'accept',
};
