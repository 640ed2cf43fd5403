import { daysShape, pageShape, uuid } from '../api/params.ts';
import { route } from '../api/route.ts';
import { isWithin } from '../datetime.ts';
import { bindPayment } from './bind.ts';
import { presentPayment } from './present.ts';

const listShape = {
  walletId: uuid.optional(),
  invoiceId: uuid.optional(),
  ...daysShape,
  ...pageShape,
};

export const paymentRoutes = [
  route('/invoices/bindPayment', { invoiceId: uuid, paymentId: uuid }, bindPayment),
  route(
    '/payments/list',
    listShape,
    ({ state, apiKey, now }, { walletId, invoiceId, offset, limit, ...days }) =>
      state.payments
        .newestFirst()
        .filter(
          (payment) =>
            payment.apiKey === apiKey &&
            (walletId === undefined || payment.walletId === walletId) &&
            (invoiceId === undefined || payment.invoiceId === invoiceId) &&
            isWithin(days, payment.receivedAt),
        )
        .slice(offset, offset + limit)
        .map((payment) => presentPayment(state, payment, now)),
  ),
];
