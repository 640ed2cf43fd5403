import type { Stripe } from 'stripe';
import { minimumOf } from '../payment-intents/currencies.ts';

/**
 * Settles what an invoice asks for against the customer's balance: positive when the customer owes, negative when the
 * customer has credit. An amount that is too small to charge is carried over to the balance. Minor units.
 * Source: https://docs.stripe.com/api/invoices
 */
export const settleBalance = (
  total: number,
  startingBalance: number,
  currency: string,
): { amountDue: number; endingBalance: number } => {
  const owed = total + startingBalance;
  return total < 0 || owed <= 0 || owed < minimumOf(currency)
    ? { amountDue: 0, endingBalance: owed }
    : { amountDue: owed, endingBalance: 0 };
};

/** What follows from the lines of an invoice that nobody has paid yet. */
export const totalsOf = (
  lines: readonly Stripe.InvoiceLineItem[],
  startingBalance: number,
  currency: string,
) => {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const { amountDue } = settleBalance(total, startingBalance, currency);
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
