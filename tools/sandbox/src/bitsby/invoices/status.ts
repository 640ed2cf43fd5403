import type { Invoice } from '../state.ts';

export type InvoiceStatus = Invoice['status'] | 'expired';

/** An unpaid invoice expires by the clock alone: nothing else happens then, and no webhook tells of it. */
export const statusOf = ({ status, timeToPayAt }: Invoice, now: number): InvoiceStatus =>
  status === 'unpaid' && now >= timeToPayAt ? 'expired' : status;
