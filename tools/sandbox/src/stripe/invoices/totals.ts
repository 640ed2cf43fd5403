import type { Stripe } from 'stripe';
import { minimumOf } from '../payment-intents/currencies.ts';

type Balance = Pick<Stripe.Customer, 'balance' | 'currency'>;

/** A customer's balance is in one currency: that of the first thing the customer was billed for. */
export const keepsBalanceIn = (customer: Balance, currency: string): boolean =>
  (customer.currency ?? currency) === currency;

/**
 * Settles what an invoice asks for against the customer's balance: positive when the customer owes, negative when the
 * customer has credit. An amount that is too small to charge is carried over to the balance. An invoice in another
 * currency than the balance's takes nothing from it and leaves nothing there. Minor units of the invoice's currency.
 * Source: https://docs.stripe.com/api/invoices, https://docs.stripe.com/billing/customer/balance
 */
export const settleBalance = (
  total: number,
  customer: Balance,
  currency: string,
): { amountDue: number; startingBalance: number; endingBalance: number } => {
  const shared = keepsBalanceIn(customer, currency);
  const startingBalance = shared ? customer.balance : 0;
  const owed = total + startingBalance;
  return total < 0 || owed <= 0 || owed < minimumOf(currency)
    ? { amountDue: 0, startingBalance, endingBalance: shared ? owed : 0 }
    : { amountDue: owed, startingBalance, endingBalance: 0 };
};

/** What follows from the lines of an invoice that nobody has paid yet. */
export const totalsOf = (
  lines: readonly Stripe.InvoiceLineItem[],
  customer: Balance,
  currency: string,
) => {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const { amountDue, startingBalance } = settleBalance(total, customer, currency);
  return {
    amount_due: amountDue,
    amount_remaining: amountDue,
    starting_balance: startingBalance,
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  } satisfies Partial<Stripe.Invoice>;
};
