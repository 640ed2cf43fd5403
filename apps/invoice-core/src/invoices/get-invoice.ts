import type { Invoice, InvoiceOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readInvoiceOfAccount } from './invoice-rows.ts';

export const getInvoice = (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: InvoiceOfCaller,
): Promise<Invoice> => readInvoiceOfAccount(store.read, { id, accountId: caller.accountId });
