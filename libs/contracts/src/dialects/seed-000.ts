import { z } from 'zod';
import { StorableText } from '../domain/text.ts';

/** The public API of `POST /v1/invoice/create`: snake_case in, camelCase out. */

export const Seed000ItemType = z.enum(['flight', 'product', 'service']);

const itemIdRule = 'must be a non-empty string of at most 255 characters, or an integer';

export const Seed000Create = z.object({
  provider: z.enum(['stripe'], { error: 'must be one of: stripe' }),
  item_type: z.enum(Seed000ItemType.options, {
    error: `must be one of: ${Seed000ItemType.options.join(', ')}`,
  }),
  item_id: z
    .union([z.string(), z.int()], { error: itemIdRule })
    .transform(String)
    .pipe(StorableText.trim().min(1, itemIdRule).max(255, itemIdRule)),
  /** A JSON number or a numeric string, taken as the text it came as: exactly. */
  final_amount: z.string({ error: 'must be a number' }),
  currency: z
    .string({ error: 'must be a currency code' })
    .transform((code) => code.trim().toUpperCase()),
});
export type Seed000Create = z.infer<typeof Seed000Create>;

export const Seed000Invoice = z.object({
  id: z.int(),
  userId: z.int(),
  provider: z.string(),
  status: z.string(),
  remark: z.string().nullable(),
  finalAmount: z.number(),
  currency: z.string(),
  itemType: z.string(),
  itemId: z.string(),
  /** The provider's object as JSON text; null until the provider has made it. */
  providerData: z.string().nullable(),
  time: z.iso.datetime(),
});
export type Seed000Invoice = z.infer<typeof Seed000Invoice>;

export const Seed000Created = z.object({
  success: z.literal(true),
  data: z.object({ status: z.literal('created'), invoice: Seed000Invoice }),
});
export type Seed000Created = z.infer<typeof Seed000Created>;

export const Seed000Found = z.object({
  success: z.literal(true),
  data: z.object({ invoice: Seed000Invoice }),
});
export type Seed000Found = z.infer<typeof Seed000Found>;

export const Seed000Events = z.object({
  success: z.literal(true),
  data: z.object({
    events: z.array(
      z.object({ seq: z.int(), type: z.string(), status: z.string(), time: z.iso.datetime() }),
    ),
  }),
});
export type Seed000Events = z.infer<typeof Seed000Events>;

export const Seed000Error = z.object({
  success: z.literal(false),
  error: z.object({
    code: z.string(),
    message: z.string(),
    param: z.string().optional(),
    requestId: z.string(),
  }),
});
export type Seed000Error = z.infer<typeof Seed000Error>;
