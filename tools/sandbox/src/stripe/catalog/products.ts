import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { resourceMissing } from '../api/errors.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { mintProduct } from './mint.ts';

const createShape = {
  active: param.boolean.optional(),
  default_price_data: param.ignored,
  description: param.text.optional(),
  id: param.text.optional(),
  images: param.list(param.text).optional(),
  marketing_features: param.ignored,
  metadata: param.metadata.optional(),
  name: param.text,
  package_dimensions: param.ignored,
  shippable: param.boolean.optional(),
  statement_descriptor: param.limitedText(22).optional(),
  tax_code: param.text.optional(),
  tax_details: param.ignored,
  type: param.oneOf(['good', 'service']).optional(),
  unit_label: param.text.optional(),
  url: param.text.optional(),
} satisfies Record<Exclude<keyof Stripe.ProductCreateParams, 'expand'>, z.ZodType>;

type CreateParams = z.infer<z.ZodObject<typeof createShape>>;

/** @throws StripeError when there is no such product. */
export const findProduct = (call: Call, id: string, paramName = 'id'): Stripe.Product => {
  const product = call.state.products.get(id);
  if (product === undefined) throw resourceMissing('product', id, paramName);
  return product;
};

const create = (call: Call, params: CreateParams): Stripe.Product => {
  const product = mintProduct(call, {
    name: params.name,
    active: params.active ?? true,
    description: params.description ?? null,
    images: params.images ?? [],
    metadata: mergeMetadata({}, params.metadata),
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code ?? null,
    type: params.type ?? 'service',
    unit_label: params.unit_label ?? null,
    url: params.url ?? null,
    ...(params.id !== undefined && { id: params.id }),
  });
  emit(call, 'product.created', product);
  return product;
};

export const productRoutes = [
  route('POST', '/v1/products', createShape, create),
  route(
    'GET',
    '/v1/products',
    {
      ...param.paging,
      active: param.boolean.optional(),
      created: param.created.optional(),
    },
    (call, { active, created, ...paging }) =>
      listPage(
        '/v1/products',
        call.state.products
          .newestFirst()
          .filter(
            (product) =>
              isCreatedIn(product.created, created) &&
              (active === undefined || product.active === active),
          ),
        paging,
      ),
  ),
  route('GET', '/v1/products/:id', {}, (call, _, id) => findProduct(call, id)),
];
