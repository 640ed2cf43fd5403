import type { Stripe } from 'stripe';
import { wireDecimal } from '../api/decimal.ts';
import { newId } from '../api/ids.ts';
import type { Call } from '../call.ts';

/** A new product, recorded, with no event. */
export const mintProduct = (
  call: Call,
  { name, ...rest }: { name: string } & Partial<Stripe.Product>,
): Stripe.Product => {
  const product: Stripe.Product = {
    id: newId('prod', 14),
    object: 'product',
    active: true,
    created: call.now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: call.now,
    url: null,
    ...rest,
  };
  call.state.products.put(product.id, product);
  return product;
};

/** A new price of a product, recorded, with no event. `unitAmount` is in minor units. */
export const mintPrice = (
  call: Call,
  {
    currency,
    product,
    unitAmount,
    ...rest
  }: { currency: string; product: string; unitAmount: Stripe.Decimal } & Partial<Stripe.Price>,
): Stripe.Price => {
  const whole = unitAmount.toNumber();
  const price: Stripe.Price = {
    id: newId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: call.now,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: Number.isInteger(whole) ? whole : null,
    unit_amount_decimal: wireDecimal(unitAmount),
    ...rest,
  };
  call.state.prices.put(price.id, price);
  return price;
};
