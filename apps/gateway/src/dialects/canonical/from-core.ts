import type { Act, Invoice, InvoiceEvent, Money } from '@quittance/contracts';
import type {
  CanonicalEvent,
  CanonicalInvoice,
  CanonicalRefunded,
} from '@quittance/contracts/canonical';
import { readProviderData } from '../../read-provider-data.ts';

/** What a provider knows by a ref of its own, with its money flat. */
const flat = <T extends { ref: string; money: Money }>({ ref, money, ...rest }: T) => ({
  providerRef: ref,
  ...money,
  ...rest,
});

export const toCanonicalInvoice = ({
  id: number,
  publicId: id,
  accountId: _accountId,
  payments,
  refunds,
  disputes,
  providerData,
  ...same
}: Invoice): CanonicalInvoice => ({
  id,
  number,
  ...same,
  payments: payments.map(flat),
  refunds: refunds.map(flat),
  disputes: disputes.map(flat),
  providerData: providerData === null ? null : readProviderData(providerData),
});

export const toCanonicalRefund = ({ kind: _kind, ...same }: Act): CanonicalRefunded['refund'] =>
  same;

export const toCanonicalEvent = ({
  position,
  invoicePublicId: invoiceId,
  invoiceId: invoiceNumber,
  seq,
  type,
  status,
  occurredAt,
}: InvoiceEvent): CanonicalEvent => ({
  version: 1,
  position,
  invoiceId,
  invoiceNumber,
  seq,
  type,
  status,
  occurredAt,
});
