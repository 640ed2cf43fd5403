import { Stripe } from 'stripe';
import { fromWire, toMinorUnits, wireDecimal } from '../api/decimal.ts';
import { invalidRequest } from '../api/errors.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import { mintPrice, mintProduct } from '../catalog/mint.ts';
import { findPrice } from '../catalog/prices.ts';
import { productOf } from '../catalog/product-of.ts';
import { findProduct } from '../catalog/products.ts';
import { unitPrice } from '../catalog/unit-price.ts';
import type { PricingParams } from './item-params.ts';

type Priced = Pick<Stripe.InvoiceItem, 'amount' | 'pricing' | 'quantity' | 'quantity_decimal'>;

/** Stripe's own bound for amounts of invoice items, in minor units. */
const largestAmount = 999_999_999_999;

const onlyOne = (first: string, second: string) =>
  invalidRequest(`You may only specify one of these parameters: ${first}, ${second}.`, {
    param: first,
  });

const ways = ['amount', 'unit_amount_decimal', 'price_data', 'pricing'] as const;

const checkOneWay = (params: PricingParams): void => {
  const [first, second] = ways.filter((way) => params[way] !== undefined);
  if (first !== undefined && second !== undefined) throw onlyOne(first, second);
  const quantities = ['quantity', 'quantity_decimal'] as const;
  const [quantity, other] = quantities.filter((name) => params[name] !== undefined);
  if (quantity !== undefined && other !== undefined) throw onlyOne(quantity, other);
  if (params.amount !== undefined && quantity !== undefined) throw onlyOne('amount', quantity);
};

const checkSameCurrency = (currency: string, wanted: string, param: string): void => {
  if (currency === wanted) return;
  throw invalidRequest(
    `The currency of the price (${currency}) does not match the currency of the invoice item (${wanted}).`,
    { param },
  );
};

/** The price that the parameters name or describe; undefined when they do neither. */
const priceOf = (
  call: Call,
  params: PricingParams,
  currency: string,
  name: string | null,
): Stripe.Price | undefined => {
  const { amount, price_data: data, pricing, unit_amount_decimal: unit } = params;
  if (pricing?.price !== undefined) {
    const price = findPrice(call, pricing.price, 'pricing[price]');
    checkSameCurrency(price.currency, currency, 'pricing[price]');
    return price;
  }
  if (data !== undefined) {
    checkSameCurrency(data.currency, currency, 'price_data[currency]');
    const unitAmount = unitPrice(data);
    if (unitAmount === undefined) {
      throw invalidRequest('Missing required param: price_data[unit_amount].', {
        code: 'parameter_missing',
        param: 'price_data[unit_amount]',
      });
    }
    return mintPrice(call, {
      currency,
      product: productOf(call, data).id,
      unitAmount,
      active: false,
    });
  }
  const unitAmount = amount === undefined ? unit : Stripe.Decimal.from(amount);
  if (unitAmount === undefined) return undefined;
  const product = mintProduct(call, { name: name ?? 'Invoice item', active: false });
  return mintPrice(call, { currency, product: product.id, unitAmount, active: false });
};

const priced = (
  price: { price: string; product: string; unitAmount: Stripe.Decimal },
  quantity: Stripe.Decimal,
): Priced => {
  const amount = toMinorUnits(price.unitAmount.mul(quantity));
  if (Math.abs(amount) > largestAmount) {
    throw invalidRequest(`Amount must be no more than ${largestAmount}`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  }
  return {
    amount,
    pricing: {
      price_details: { price: price.price, product: price.product },
      type: 'price_details',
      unit_amount_decimal: wireDecimal(price.unitAmount),
    },
    quantity: Math.trunc(quantity.toNumber()),
    quantity_decimal: wireDecimal(quantity),
  };
};

const quantityOf = (params: PricingParams): Stripe.Decimal | undefined => {
  if (params.quantity_decimal !== undefined) return params.quantity_decimal;
  if (params.quantity === undefined) return undefined;
  if (params.quantity >= 0) return Stripe.Decimal.from(params.quantity);
  throw invalidRequest('Invalid non-negative integer', {
    code: 'parameter_invalid_integer',
    param: 'quantity',
  });
};

const withPrice = (price: Stripe.Price, quantity: Stripe.Decimal): Priced =>
  priced(
    {
      price: price.id,
      product: referredId(price.product),
      unitAmount: fromWire(price.unit_amount_decimal ?? Stripe.Decimal.zero),
    },
    quantity,
  );

/** What a new item costs, and what it is called when it has no description. A one-off price is made for it if need be. */
export const priceNewItem = (
  call: Call,
  params: PricingParams,
  { currency, description }: { currency: string; description: string | null },
): Priced & { description: string | null } => {
  checkOneWay(params);
  const price = priceOf(call, params, currency, description);
  if (price === undefined) {
    throw invalidRequest(
      'Missing required param: one of amount, unit_amount_decimal, price_data or pricing[price] must be given.',
      { code: 'parameter_missing', param: 'amount' },
    );
  }
  const named = params.price_data !== undefined || params.pricing !== undefined;
  return {
    ...withPrice(price, quantityOf(params) ?? Stripe.Decimal.from(1)),
    description: description ?? (named ? findProduct(call, referredId(price.product)).name : null),
  };
};

/** What an item costs after a change. A new amount is one unit; a new quantity multiplies the price there was. */
export const repriceItem = (
  call: Call,
  item: Stripe.InvoiceItem,
  params: PricingParams,
): Priced => {
  checkOneWay(params);
  const quantity =
    params.amount === undefined
      ? (quantityOf(params) ?? fromWire(item.quantity_decimal))
      : Stripe.Decimal.from(1);
  const price = priceOf(call, params, item.currency, item.description);
  if (price !== undefined) return withPrice(price, quantity);
  const details = item.pricing?.price_details;
  return priced(
    {
      price: referredId(details?.price ?? ''),
      product: details?.product ?? '',
      unitAmount: fromWire(item.pricing?.unit_amount_decimal ?? Stripe.Decimal.from(item.amount)),
    },
    quantity,
  );
};
