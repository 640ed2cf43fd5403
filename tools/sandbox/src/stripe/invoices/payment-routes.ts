import { resourceMissing } from '../api/errors.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import { listPaymentsShape } from './params.ts';
import { intentIdOf, paymentsOf } from './payments.ts';

const collection = '/v1/invoice_payments';

/** The fewest payments that hold all of one invoice or one PaymentIntent, the newest first. */
const candidates = (call: Call, key: string | undefined) =>
  key === undefined
    ? call.state.invoicePayments.newestFirst()
    : paymentsOf(call.state, key).toReversed();

export const invoicePaymentRoutes = [
  route(
    'GET',
    collection,
    listPaymentsShape,
    (call, { created, invoice, payment, status, ...paging }) => {
      const intent = payment?.payment_intent;
      const matching = candidates(call, invoice ?? intent).filter(
        (candidate) =>
          isCreatedIn(candidate.created, created) &&
          (invoice === undefined || candidate.invoice === invoice) &&
          (payment === undefined || candidate.payment.type === payment.type) &&
          (intent === undefined || intentIdOf(candidate) === intent) &&
          (status === undefined || candidate.status === status),
      );
      return listPage(collection, matching, paging);
    },
  ),
  route('GET', `${collection}/:id`, {}, (call, _, id) => {
    const payment = call.state.invoicePayments.get(id);
    if (payment === undefined) throw resourceMissing('invoice_payment', id);
    return payment;
  }),
];
