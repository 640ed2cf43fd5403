import type { CreateInvoice, InvoiceFilter, InvoiceId } from '@quittance/contracts';
import type { CanonicalCreate, CanonicalListQuery } from '@quittance/contracts/canonical';
import { DomainError } from '@quittance/rpc';

/** @throws DomainError `not_found` for what can be no id of ours */
export const toInvoiceId = (text: string): InvoiceId => {
  if (/^[0-9a-f]{24}$/.test(text)) return text;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new DomainError('not_found', `No invoice ${text}`);
};

/** An invoice always has an item; this is that of a merchant who named none. */
const noItem = { type: 'none', id: 'none' } as const;

type Context = Pick<CreateInvoice, 'caller' | 'idempotencyKey'>;

const toExpiry = ({
  expiresAt = null,
  expiresIn = null,
}: Pick<CanonicalCreate, 'expiresAt' | 'expiresIn'>): CreateInvoice['expiry'] => {
  if (expiresIn !== null) return { kind: 'in', seconds: expiresIn };
  return expiresAt === null ? null : { kind: 'at', time: expiresAt };
};

export const toCreateInvoice = (request: CanonicalCreate, context: Context): CreateInvoice => {
  const { amount, currency, item, description, expiresAt, expiresIn, ...options } = request;
  return {
    ...context,
    money: { amount, currency },
    item: item ?? noItem,
    description: description ?? null,
    options,
    expiry: toExpiry({ expiresAt, expiresIn }),
  };
};

export const toFilter = ({
  itemType,
  itemId,
  q,
  after: _after,
  limit: _limit,
  ...same
}: CanonicalListQuery): InvoiceFilter => ({
  ...same,
  ...(itemType !== undefined && itemId !== undefined && { item: { type: itemType, id: itemId } }),
  ...(q !== undefined && { text: q }),
});

const params = new Map([
  ['money.amount', 'amount'],
  ['money.currency', 'currency'],
  ['filter.item.type', 'itemType'],
  ['filter.item.id', 'itemId'],
  ['filter.text', 'q'],
  ['expiry.seconds', 'expiresIn'],
  ['expiry.time', 'expiresAt'],
]);

/** This dialect's name of a field of ours. */
export const paramOf = (param: string): string =>
  params.get(param) ?? param.replace(/^(?:options|filter)\./, '');
