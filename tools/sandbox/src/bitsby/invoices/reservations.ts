import type { Work } from '../call.ts';
import { units, unitsText } from '../money.ts';
import { amountStep, inCrypto, ratesOf } from '../rates.ts';
import type { Invoice, Wallet } from '../state.ts';
import { statusOf } from './status.ts';

const keyOf = (walletId: string, amountCrypto: string): string => `${walletId}:${amountCrypto}`;

/** The unpaid invoice that expects exactly this amount on this wallet. */
export const expectedBy = (
  { state, now }: Work,
  walletId: string,
  amountCrypto: string,
): Invoice | undefined => {
  const id = state.reservations.get(keyOf(walletId, amountCrypto));
  const invoice = id === undefined ? undefined : state.invoices.get(id);
  return invoice !== undefined && statusOf(invoice, now) === 'unpaid' ? invoice : undefined;
};

/** The amount itself, or the next above it that no unpaid invoice expects on this wallet. */
export const nextFree = (work: Work, wallet: Wallet, amountCrypto: string): string => {
  const step = amountStep[wallet.cryptocurrency];
  let free = amountCrypto;
  while (expectedBy(work, wallet.id, free) !== undefined) free = unitsText(units(free) + step);
  return free;
};

/** Has each wallet expect `amountUSD` (cents) for this invoice, as amounts that nobody else is to pay there now. */
export const reserve = (
  work: Work,
  invoiceId: string,
  { wallets, amountUSD }: { wallets: readonly Wallet[]; amountUSD: bigint },
): Invoice['reserved'] =>
  wallets.map((wallet) => {
    const wanted = inCrypto(amountUSD, wallet.cryptocurrency, ratesOf(work.state));
    const amountCrypto = nextFree(work, wallet, unitsText(wanted));
    work.state.reservations.put(keyOf(wallet.id, amountCrypto), invoiceId);
    return { walletId: wallet.id, amountCrypto };
  });
