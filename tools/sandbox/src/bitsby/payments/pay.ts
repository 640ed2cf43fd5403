import { z } from 'zod';
import { findWallet, openAccount } from '../accounts/open-account.ts';
import { refused } from '../api/errors.ts';
import type { Work } from '../call.ts';
import { requireInvoice } from '../invoices/find-invoice.ts';
import { nextFree } from '../invoices/reservations.ts';
import { divided, units, unitsText } from '../money.ts';
import { amountStep } from '../rates.ts';
import type { Payment } from '../state.ts';
import { bind } from './bind.ts';
import { receivePayment } from './receive.ts';

const decimal = z
  .string()
  .regex(
    /^(?=.*[1-9])\d{1,12}(\.\d{1,8})?$/,
    'must be exact, short, over, or a decimal text above 0 with at most 8 decimals',
  )
  .transform((text) => unitsText(units(text)));

/** The body of `POST /_sandbox/bitsby/invoices/:uid/pay`. */
export const PayBody = z.strictObject({
  /** The name or id of the wallet that is paid to; the account's first unless given. */
  wallet: z.string().optional(),
  amount: z.union([z.enum(['exact', 'short', 'over']), decimal]).default('exact'),
  /** Whether the seller binds the payment at once. */
  bind: z.union([z.boolean(), z.stringbool()]).default(false),
});

/** Percent of the expected amount. */
const shares = { exact: 100n, short: 90n, over: 110n };

/** A buyer pays on the page of an invoice. @throws BitsbyError when that or the wallet does not exist, or nothing can be bound */
export const payInvoice = (
  work: Work,
  uid: string,
  { wallet: name, amount, bind: bound }: z.output<typeof PayBody>,
): Payment => {
  const invoice = requireInvoice(work, uid);
  const account = openAccount(work.state, invoice.apiKey);
  const wallet = name === undefined ? account.wallets[0] : findWallet(account, name);
  const expected = invoice.reserved.find(({ walletId }) => walletId === wallet?.id);
  if (wallet === undefined || expected === undefined) throw refused('wallet: wallet not found');

  const amountOf = (): string => {
    if (amount === 'exact') return expected.amountCrypto;
    if (amount !== 'short' && amount !== 'over') return amount;
    const step = amountStep[wallet.cryptocurrency];
    const steps = divided(units(expected.amountCrypto) * shares[amount], 100n * step);
    // Whoever pays too little or too much must not happen to pay another invoice.
    return nextFree(work, wallet, unitsText((steps === 0n ? 1n : steps) * step));
  };

  const payment = receivePayment(work, { wallet, amount: amountOf(), meantFor: invoice });
  return bound && payment.invoiceId !== invoice.id ? bind(work, invoice, payment) : payment;
};
