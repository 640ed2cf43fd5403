import {
  type CreateInvoice,
  formatDecimal,
  type Invoice,
  type InvoiceEvent,
  type InvoiceStatus,
  isCurrency,
  parseDecimal,
} from '@quittance/contracts';
import type { Seed000Create, Seed000Events, Seed000Invoice } from '@quittance/contracts/seed-000';
import { DomainError } from '@quittance/rpc';
import { renderProviderData } from './provider-data.ts';

/** A JSON reviver that leaves the amount as the text it came as, so that it is never a binary fraction. */
export const keepAmountText = (
  key: string,
  value: unknown,
  context?: { source?: string },
): unknown =>
  key === 'final_amount' && typeof value === 'number' ? (context?.source ?? value) : value;

const params: Record<string, string> = {
  amount: 'final_amount',
  'money.amount': 'final_amount',
  'money.currency': 'currency',
  'item.id': 'item_id',
  'item.type': 'item_type',
};

/** This dialect's name of a field of ours. */
export const paramOf = (param: string): string => params[param] ?? param;

/** @throws DomainError `invalid_request` naming the field */
export const toCreateInvoice = (
  { item_type, item_id, final_amount, currency }: Seed000Create,
  context: Pick<CreateInvoice, 'caller' | 'idempotencyKey'>,
): CreateInvoice => {
  if (!isCurrency(currency)) {
    throw new DomainError('invalid_request', `${currency} is not a currency we know`, {
      param: 'currency',
    });
  }
  return {
    ...context,
    billed: null,
    money: { amount: parseDecimal(final_amount, currency), currency },
    item: { type: item_type, id: item_id },
    description: null,
    payload: null,
    projectId: null,
    options: { provider: 'stripe', flow: 'stripe.payment_intent' },
    expiry: null,
  };
};

/** This dialect's words for where an invoice stands. */
const statuses: Record<InvoiceStatus, string> = {
  draft: 'pending',
  creating: 'pending',
  pending: 'pending',
  processing: 'processing',
  partially_paid: 'partially_paid',
  paid: 'paid',
  expired: 'expired',
  canceled: 'canceled',
  failed: 'failed',
  uncollectible: 'uncollectible',
  partially_refunded: 'partially_refunded',
  refunded: 'refunded',
};

export const toSeed000Event = ({
  seq,
  type,
  status,
  occurredAt,
}: InvoiceEvent): Seed000Events['data']['events'][number] => ({
  seq,
  type,
  status: statuses[status],
  time: occurredAt,
});

export const toSeed000Invoice = (invoice: Invoice): Seed000Invoice => ({
  id: invoice.id,
  userId: invoice.userId,
  provider: invoice.provider,
  status: statuses[invoice.status],
  remark: invoice.statusReason,
  finalAmount: Number(formatDecimal(invoice)),
  currency: invoice.currency,
  itemType: invoice.item.type,
  itemId: invoice.item.id,
  providerData: invoice.providerData === null ? null : renderProviderData(invoice.providerData),
  time: invoice.createdAt,
});
