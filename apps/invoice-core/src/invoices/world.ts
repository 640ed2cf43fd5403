import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import type { InvoiceRow } from './invoice-rows.ts';

/** Whether an invoice is of the providers that we have now: those of the sandbox, or the real ones. */
export const isOfThisWorld = (
  { sandbox }: Pick<Deps, 'sandbox'>,
  invoice: Pick<InvoiceRow, 'sandbox'>,
): boolean => Boolean(invoice.sandbox) === sandbox;

/** @throws DomainError `conflict` for what must not reach the providers that we have now */
export const assertOfThisWorld = (
  deps: Pick<Deps, 'sandbox'>,
  invoice: Pick<InvoiceRow, 'id' | 'sandbox'>,
): void => {
  if (isOfThisWorld(deps, invoice)) return;
  const world = invoice.sandbox ? 'the sandbox' : 'the real providers';
  throw new DomainError('conflict', `Invoice ${invoice.id} belongs to ${world}`);
};
