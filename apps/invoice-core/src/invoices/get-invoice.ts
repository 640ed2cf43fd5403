import type { Invoice, InvoiceOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readProviderData, readRowOfAccount, toInvoice } from './invoice-rows.ts';

export const getInvoice = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: InvoiceOfCaller,
): Promise<Invoice> => {
  const row = await readRowOfAccount(store.read, { id, accountId: caller.accountId });
  return toInvoice(row, await readProviderData(store.read, row.observation_id));
};
