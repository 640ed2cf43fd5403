import type { Stripe } from 'stripe';
import { newId } from '../api/ids.ts';
import type { Call } from '../call.ts';

interface Movement {
  /** Minor units; negative when the money leaves the balance. */
  amount: number;
  /** Minor units. */
  fee: number;
  currency: string;
  description: string | null;
  /** The id of what moved the money. */
  source: string;
  type: Stripe.BalanceTransaction.Type;
  reportingCategory: string;
}

/** Money that comes into the balance or leaves it, available at once. */
export const recordTransaction = (
  call: Call,
  { amount, fee, currency, description, source, type, reportingCategory }: Movement,
): Stripe.BalanceTransaction => {
  const transaction: Stripe.BalanceTransaction = {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: call.now,
    balance_type: 'payments',
    created: call.now,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: reportingCategory,
    source,
    status: 'available',
    type,
  };
  call.state.balanceTransactions.put(transaction.id, transaction);
  return transaction;
};
