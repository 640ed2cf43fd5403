import { parseJson } from '@quittance/rpc';
import { isJsonObject } from '../../is-json-object.ts';

/** Fields that Stripe fills with an id or, expanded, with the object. https://docs.stripe.com/api/expanding_objects */
const expandable = new Set([
  'application',
  'customer',
  'latest_charge',
  'on_behalf_of',
  'payment_method',
  'review',
  'source',
]);

const render = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(render);
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== null)
    .map(([name, field]) => {
      const isId = expandable.has(name) && typeof field === 'string';
      return [name, isId ? { id: field } : render(field)] as const;
    });
  return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/**
 * The provider's object as this dialect's example shows it, which a server SDK had written: fields in alphabetical
 * order, nulls left out, references as `{"id": ...}`.
 */
export const renderProviderData = (json: string): string => JSON.stringify(render(parseJson(json)));
