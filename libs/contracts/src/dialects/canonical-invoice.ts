import type { Invoice } from '../domain/invoice.ts';
import type { Money } from '../domain/money.ts';
import type { CanonicalInvoice } from './canonical-answers.ts';
import { readProviderData } from './provider-data.ts';

/** What a provider knows by a ref of its own, with its money flat. */
const flat = <T extends { ref: string; money: Money }>({ ref, money, ...rest }: T) => ({
  providerRef: ref,
  ...money,
  ...rest,
});

/** An invoice as the canonical API and webhooks show it. */
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
