import { findWallet, openAccount } from '../accounts/open-account.ts';
import { datetime } from '../datetime.ts';
import { presentInvoice, presentWallet } from '../invoices/present.ts';
import { centsText, units } from '../money.ts';
import { inFiat } from '../rates.ts';
import type { BitsbyState, Invoice, Payment, Wallet } from '../state.ts';

/** @throws Error when the account has lost it, which cannot be */
export const walletOf = (state: BitsbyState, { apiKey, walletId }: Payment): Wallet => {
  const wallet = findWallet(openAccount(state, apiKey), walletId);
  if (wallet === undefined) throw new Error(`There is no wallet ${walletId}`);
  return wallet;
};

/** As webhooks show a payment. */
export const presentTransaction = ({ id, amount, hash, receivedAt }: Payment) => ({
  id,
  amount,
  hash,
  transactionDatetime: datetime(receivedAt),
});

/** What came in, in the invoice's currency at the rates of that moment. */
export const calcAmountFiat = (
  state: BitsbyState,
  payment: Payment,
  { currencyFiat }: Invoice,
): string => {
  const { cryptocurrency } = walletOf(state, payment);
  return centsText(inFiat(units(payment.amount), cryptocurrency, currencyFiat, payment.rates));
};

/** Invoice and wallet are shown once it is bound. Source: https://docs.bitsby.app/api-documentation/list-of-payments */
export const presentPayment = (state: BitsbyState, payment: Payment, now: number) => {
  const invoice = payment.invoiceId === null ? undefined : state.invoices.get(payment.invoiceId);
  return {
    ...presentTransaction(payment),
    ...(invoice !== undefined && {
      invoice: presentInvoice(invoice, now),
      wallet: presentWallet(walletOf(state, payment)),
    }),
  };
};
