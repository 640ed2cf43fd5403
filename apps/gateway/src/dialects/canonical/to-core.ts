import {
  type CreateEndpoint,
  type CreateInvoice,
  DeliveryId,
  type EndpointOfCaller,
  EndpointId,
  type FlowOptions,
  type InvoiceFilter,
  type InvoiceId,
  type InvoiceLine,
  type ListDeliveries,
  noItem,
  type UpdateEndpoint,
} from '@quittance/contracts';
import type {
  CanonicalCreate,
  CanonicalDeliveriesQuery,
  CanonicalEndpointCreate,
  CanonicalEndpointUpdate,
  CanonicalListQuery,
} from '@quittance/contracts/canonical';
import { DomainError } from '@quittance/rpc';

/** @throws DomainError `not_found` for what can be no id of ours */
export const toInvoiceId = (text: string): InvoiceId => {
  if (/^[0-9a-f]{24}$/.test(text)) return text;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new DomainError('not_found', `No invoice ${text}`);
};

/** @throws DomainError `not_found` for what can be no id of ours */
export const toEndpointId = (text: string): string => {
  if (EndpointId.safeParse(text).success) return text;
  throw new DomainError('not_found', `No webhook endpoint ${text}`);
};

/** @throws DomainError `not_found` for what can be no id of ours */
export const toDeliveryId = (text: string): string => {
  if (DeliveryId.safeParse(text).success) return text;
  throw new DomainError('not_found', `No delivery ${text}`);
};

/** @throws DomainError `not_found` for what can be no position */
export const toPosition = (text: string): number => {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new DomainError('not_found', `No event ${text}`);
};

type Context = Pick<CreateInvoice, 'caller' | 'idempotencyKey'>;
type StripeInvoice = Extract<CanonicalCreate, { flow: 'stripe.invoice' }>;
type Due = Extract<FlowOptions, { flow: 'stripe.invoice' }>['due'];

const toExpiry = ({
  expiresAt = null,
  expiresIn = null,
}: CanonicalCreate): CreateInvoice['expiry'] => {
  if (expiresIn !== null) return { kind: 'in', seconds: expiresIn };
  return expiresAt === null ? null : { kind: 'at', time: expiresAt };
};

const toDue = ({ dueInDays = null, dueAt = null }: StripeInvoice): Due => {
  if (dueInDays !== null) return { kind: 'days', days: dueInDays };
  return dueAt === null ? null : { kind: 'at', time: dueAt };
};

/** The most that a provider shows of a line. */
const lineLength = 500;

/** What stands for an amount that nobody said the parts of: a description that is no line's length is shown elsewhere. */
const onlyLine = ({ amount, description }: StripeInvoice): InvoiceLine => {
  const text = description ?? '';
  const isLine = text !== '' && text.length <= lineLength;
  return { description: isLine ? text : 'Invoice', quantity: 1, unitAmount: amount };
};

const toOptions = (request: CanonicalCreate): FlowOptions => {
  if (request.flow === 'stripe.payment_intent') {
    return { provider: request.provider, flow: request.flow };
  }
  if (request.flow === 'bitsby.invoice') {
    const { provider, flow, timeToPay } = request;
    return { provider, flow, timeToPay };
  }
  if (request.flow === 'telegram.bot_api') {
    const { provider, flow, title, link } = request;
    return { provider, flow, title, link: link ?? false };
  }
  if (request.flow === 'telegram.bots_business') {
    const { provider, flow, title } = request;
    return { provider, flow, title };
  }
  const { provider, flow, paymentMethod, lines, footer, draft } = request;
  return {
    provider,
    flow,
    customer: null,
    paymentMethod: paymentMethod ?? null,
    lines: lines ?? [onlyLine(request)],
    footer: footer ?? null,
    due: toDue(request),
    draft: draft ?? false,
  };
};

export const toCreateInvoice = (request: CanonicalCreate, context: Context): CreateInvoice => ({
  ...context,
  billed: null,
  money: { amount: request.amount, currency: request.currency },
  item: request.item ?? noItem,
  description: request.description ?? null,
  payload: request.payload ?? null,
  projectId: request.projectId ?? null,
  options: toOptions(request),
  expiry: toExpiry(request),
});

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

export const toCreateEndpoint = (
  request: CanonicalEndpointCreate,
  context: Context,
): CreateEndpoint => {
  const { url, description, eventTypes, headers, ordered, projectId } = request;
  const format = request.format ?? 'standard';
  return {
    ...context,
    url,
    description: description ?? null,
    eventTypes: eventTypes ?? null,
    headers: headers ?? {},
    ordered: ordered ?? false,
    projectId: projectId ?? null,
    format,
    retries: request.retries ?? format,
  };
};

export const toUpdateEndpoint = (
  { headers, ...same }: CanonicalEndpointUpdate,
  context: EndpointOfCaller,
): UpdateEndpoint => ({
  ...context,
  ...same,
  ...(headers !== undefined && { headers: headers ?? {} }),
});

export const toDeliveryFilter = ({
  status,
  invoiceId,
  after: _after,
  limit: _limit,
  ...same
}: CanonicalDeliveriesQuery): ListDeliveries['filter'] => ({
  ...same,
  ...(status !== undefined && { state: status }),
  ...(invoiceId !== undefined && { invoicePublicId: invoiceId }),
});
