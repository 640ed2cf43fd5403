import { uuid } from '../api/params.ts';
import { route } from '../api/route.ts';
import { cancelInvoice } from './cancel.ts';
import { createInvoice, createShape } from './create.ts';
import { listInvoices, listShape } from './list.ts';
import { invoiceStatistics, statisticsShape } from './statistics.ts';

export const invoiceRoutes = [
  route('/invoices/create', createShape, createInvoice),
  route('/invoices/list', listShape, listInvoices),
  route('/invoices/cancel', { invoiceId: uuid }, cancelInvoice),
  route('/statistics/invoices', statisticsShape, invoiceStatistics),
];
