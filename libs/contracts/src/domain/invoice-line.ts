import { z } from 'zod';
import { StorableText } from './text.ts';

/** One thing on an invoice, for the providers that show what an amount is made of. */
export const InvoiceLine = z.object({
  description: StorableText.min(1).max(500),
  quantity: z.int().min(1).max(1_000_000),
  /** Minor units of one; what is below zero takes off. */
  unitAmount: z.int(),
});
export type InvoiceLine = z.infer<typeof InvoiceLine>;

/** Minor units; below zero when more is taken off than there is. */
export const totalOf = (lines: readonly InvoiceLine[]): number =>
  lines.reduce((total, { quantity, unitAmount }) => total + quantity * unitAmount, 0);
