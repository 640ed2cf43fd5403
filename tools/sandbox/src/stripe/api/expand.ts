import { invalidRequest } from './errors.ts';
import { includableInInvoice } from '../invoices/includable.ts';
import { presented } from '../invoices/present.ts';
import type { StripeState } from '../state.ts';

const maxLevels = 4;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const lookupInvoice = (state: StripeState, id: string): object | undefined => {
  const invoice = state.invoices.get(id);
  return invoice === undefined ? undefined : presented(state, invoice);
};

const lookup = (state: StripeState, id: string): object | undefined => {
  switch (id.slice(0, id.indexOf('_'))) {
    case 'cus':
      return state.customers.get(id);
    case 'pm':
      return state.paymentMethods.get(id);
    case 'pi':
      return state.paymentIntents.get(id);
    case 'ch':
      return state.charges.get(id);
    case 're':
      return state.refunds.get(id);
    case 'in':
      return lookupInvoice(state, id);
    case 'price':
      return state.prices.get(id);
    case 'prod':
      return state.products.get(id);
    case 'du':
      return state.disputes.get(id);
    case 'txn':
      return state.balanceTransactions.get(id);
    default:
      return undefined;
  }
};

/** What Stripe includes only when it is asked to, lists mostly. */
const includable = (
  state: StripeState,
  owner: Fields,
  field: string,
): object | null | undefined => {
  if (owner['object'] === 'invoice') return includableInInvoice(state, String(owner['id']), field);
  if (owner['object'] !== 'charge' || field !== 'refunds') return undefined;
  const data = state.refunds.newestFirst().filter(({ charge }) => charge === owner['id']);
  return {
    object: 'list',
    data,
    has_more: false,
    url: `/v1/charges/${String(owner['id'])}/refunds`,
  };
};

const expandPath = (
  state: StripeState,
  value: unknown,
  [field, ...rest]: string[],
  path: string,
): unknown => {
  if (field === undefined || !isFields(value)) return value;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => expandPath(state, item, [field, ...rest], path));
  }
  if (value[field] === null) return value;
  const current = value[field] ?? includable(state, value, field);
  if (current === undefined && !(field in value)) {
    // A deleted object has lost its fields, which is no mistake of the caller.
    if (value['deleted'] === true) return value;
    throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
  }
  if (current === null) return { ...value, [field]: null };
  const target = typeof current === 'string' ? lookup(state, current) : current;
  if (typeof current === 'string' && target === undefined) {
    throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
  }
  return { ...value, [field]: expandPath(state, target, rest, path) };
};

/** Replaces ids by their objects along each path, e.g. `data.latest_charge`. The given object stays as it is. */
export const expand = (state: StripeState, result: object, paths: readonly string[]): unknown =>
  paths.reduce<unknown>((value, path) => {
    const segments = path.split('.');
    if (segments.length > maxLevels) {
      throw invalidRequest(`You cannot expand more than ${maxLevels} levels of a property.`, {
        param: 'expand',
      });
    }
    return expandPath(state, value, segments, path);
  }, result);
