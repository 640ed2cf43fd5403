import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { nonNegativeDecimal } from '../api/decimal.ts';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import { listPage } from '../api/list.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { checkCurrency } from '../payment-intents/currencies.ts';
import { mintPrice } from './mint.ts';
import { unitPrice } from './unit-price.ts';
import { productData, productOf } from './product-of.ts';

const createShape = {
  active: param.boolean.optional(),
  billing_scheme: param.oneOf(['per_unit']).optional(),
  currency: param.currency,
  currency_options: param.ignored,
  custom_unit_amount: param.ignored,
  lookup_key: param.text.optional(),
  metadata: param.metadata.optional(),
  nickname: param.text.optional(),
  product: param.text.optional(),
  product_data: productData.optional(),
  recurring: param.notEmulated,
  tax_behavior: param.oneOf(['exclusive', 'inclusive', 'unspecified']).optional(),
  tiers: param.notEmulated,
  tiers_mode: param.notEmulated,
  transfer_lookup_key: param.ignored,
  transform_quantity: param.notEmulated,
  unit_amount: param.integer.optional(),
  unit_amount_decimal: nonNegativeDecimal.optional(),
} satisfies Record<Exclude<keyof Stripe.PriceCreateParams, 'expand'>, z.ZodType>;

type CreateParams = z.infer<z.ZodObject<typeof createShape>>;

/** @throws StripeError when there is no such price. */
export const findPrice = (call: Call, id: string, paramName = 'id'): Stripe.Price => {
  const price = call.state.prices.get(id);
  if (price === undefined) throw resourceMissing('price', id, paramName);
  return price;
};

const create = (call: Call, params: CreateParams): Stripe.Price => {
  checkCurrency(params.currency);
  const unitAmount = unitPrice(params);
  if (unitAmount === undefined) {
    throw invalidRequest('Missing required param: unit_amount.', {
      code: 'parameter_missing',
      param: 'unit_amount',
    });
  }
  const price = mintPrice(call, {
    currency: params.currency,
    product: productOf(call, params).id,
    unitAmount,
    active: params.active ?? true,
    lookup_key: params.lookup_key ?? null,
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
  });
  emit(call, 'price.created', price);
  return price;
};

export const priceRoutes = [
  route('POST', '/v1/prices', createShape, create),
  route(
    'GET',
    '/v1/prices',
    { ...param.paging, active: param.boolean.optional(), product: param.text.optional() },
    (call, { active, product, ...paging }) =>
      listPage(
        '/v1/prices',
        call.state.prices
          .newestFirst()
          .filter(
            (price) =>
              (active === undefined || price.active === active) &&
              (product === undefined || price.product === product),
          ),
        paging,
      ),
  ),
  route('GET', '/v1/prices/:id', {}, (call, _, id) => findPrice(call, id)),
];
