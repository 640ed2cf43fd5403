import { refused } from '../api/errors.ts';
import type { Call, Work } from '../call.ts';
import type { BitsbyState, Invoice } from '../state.ts';

/** @throws BitsbyError when this account has no such invoice */
export const findInvoice = ({ state, apiKey }: Call, id: string): Invoice => {
  const invoice = state.invoices.get(id);
  if (invoice?.apiKey !== apiKey) throw refused('invoiceId: invoice not found');
  return invoice;
};

export const invoiceByUid = (state: BitsbyState, uid: string): Invoice | undefined =>
  state.invoices.get(state.uids.get(uid) ?? '');

/** @throws BitsbyError when there is none */
export const requireInvoice = ({ state }: Work, uid: string): Invoice => {
  const invoice = invoiceByUid(state, uid);
  if (invoice === undefined) throw refused('There is no such invoice');
  return invoice;
};
