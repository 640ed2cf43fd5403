import type { Stripe } from 'stripe';
import { z } from 'zod';
import { invalidRequest } from '../api/errors.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import type { Call } from '../call.ts';
import { mintProduct } from './mint.ts';
import { findProduct } from './products.ts';

/** A product described where it is used. */
export const productData = z.strictObject({
  active: param.boolean.optional(),
  description: param.text.optional(),
  id: param.text.optional(),
  images: param.list(param.text).optional(),
  metadata: param.metadata.optional(),
  name: param.text,
  statement_descriptor: param.ignored,
  tax_code: param.ignored,
  tax_details: param.ignored,
  unit_label: param.text.optional(),
});

/**
 * The product that `product` names or `product_data` describes; a described one is recorded.
 * @throws StripeError unless exactly one of them is given.
 */
export const productOf = (
  call: Call,
  {
    product,
    product_data: data,
  }: {
    product?: string | undefined;
    product_data?: z.infer<typeof productData> | undefined;
  },
): Stripe.Product => {
  if (product !== undefined && data === undefined) return findProduct(call, product, 'product');
  if (product !== undefined || data === undefined) {
    throw invalidRequest('You must specify either `product` or `product_data`.', {
      param: 'product',
    });
  }
  return mintProduct(call, {
    name: data.name,
    active: data.active ?? true,
    description: data.description ?? null,
    images: data.images ?? [],
    metadata: mergeMetadata({}, data.metadata),
    unit_label: data.unit_label ?? null,
    ...(data.id !== undefined && { id: data.id }),
  });
};
