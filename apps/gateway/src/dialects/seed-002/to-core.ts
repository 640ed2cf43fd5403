import {
  type Caller,
  type CreateInvoice,
  type Currency,
  type FindEverywhere,
  type FlowOptions,
  type InvoiceLine,
  type ListEverywhere,
  noItem,
  totalOf,
} from '@quittance/contracts';
import type { Seed002Create, Seed002Item, Seed002ListQuery } from '@quittance/contracts/seed-002';
import { DomainError } from '@quittance/rpc';
import { isJsonObject } from '../../is-json-object.ts';
import { statusesOf } from './statuses.ts';

const flow = 'stripe.invoice';

const refuse = (param: string, message: string): never => {
  throw new DomainError('invalid_request', message, { param });
};

/** The invoice in a body, which is the body itself or its `data`. @throws DomainError `invalid_request` for both */
export const unwrap = (body: unknown): unknown => {
  if (!isJsonObject(body) || !Object.hasOwn(body, 'data')) return body;
  const beside = Object.keys(body).find((field) => field !== 'data');
  if (beside !== undefined) return refuse(beside, 'cannot be given beside data');
  return isJsonObject(body['data']) ? body['data'] : refuse('data', 'must be a JSON object');
};

/** The currency that the request says, null where that is the customer's own. @throws DomainError `invalid_request` where it says two */
const statedCurrency = ({ currency = null, items }: Seed002Create): Currency | null => {
  const ofItems = items.map((item) => item.currency ?? null);
  const stated = currency ?? ofItems.find((one) => one !== null) ?? null;
  const other = ofItems.findIndex((one) => one !== null && one !== stated);
  return other === -1
    ? stated
    : refuse(`items.${other}.currency`, `must be ${stated}, as elsewhere`);
};

const toLine = ({ name, amount, quantity }: Seed002Item): InvoiceLine => ({
  description: name,
  quantity: quantity ?? 1,
  unitAmount: amount,
});

type Due = Extract<FlowOptions, { flow: typeof flow }>['due'];

const toDue = ({ dueDate = null, daysUntilDue = null }: Seed002Create): Due => {
  if (daysUntilDue !== null) return { kind: 'days', days: daysUntilDue };
  return dueDate === null ? null : { kind: 'at', time: dueDate };
};

interface Context {
  caller: Caller;
  idempotencyKey: string | null;
}

export const toCreateInvoice = (
  request: Seed002Create,
  { caller, idempotencyKey }: Context,
): CreateInvoice => {
  const lines = request.items.map(toLine);
  return {
    caller,
    billed: { customerRef: request.customer },
    idempotencyKey,
    money: { amount: totalOf(lines), currency: statedCurrency(request) },
    item: noItem,
    description: request.description ?? null,
    payload: null,
    projectId: null,
    options: {
      provider: 'stripe',
      flow,
      customer: request.customer,
      paymentMethod: request.paymentMethod ?? null,
      lines,
      footer: request.footer ?? null,
      due: toDue(request),
      draft: false,
    },
    expiry: null,
  };
};

export const toList = ({
  page,
  limit,
  status,
  user,
  from,
  to,
}: Seed002ListQuery): ListEverywhere => ({
  flow,
  filter: {
    ...(status !== undefined && { statuses: statusesOf(status) }),
    ...(user !== undefined && { userPublicId: user }),
    ...(from !== undefined && { createdFrom: from }),
    ...(to !== undefined && { createdTo: to }),
  },
  page,
  limit,
});

/** By `_id` or by Stripe's id. @throws DomainError `not_found` for what can be neither */
export const toFind = (id: string): FindEverywhere => {
  if (/^[0-9a-f]{24}$/.test(id)) return { flow, id: { by: 'publicId', publicId: id } };
  if (/^in_\w{1,250}$/.test(id)) return { flow, id: { by: 'providerRef', ref: id } };
  throw new DomainError('not_found', `No invoice ${id}`);
};
