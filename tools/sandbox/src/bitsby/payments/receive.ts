import { randomUUID } from 'node:crypto';
import { newTransactionHash } from '../accounts/wallets.ts';
import type { Work } from '../call.ts';
import { secondMs } from '../datetime.ts';
import { expectedBy } from '../invoices/reservations.ts';
import { ratesOf } from '../rates.ts';
import type { Invoice, Payment, Wallet } from '../state.ts';
import { markPaid } from './mark-paid.ts';

/**
 * A transaction arrives at a wallet. It pays the unpaid invoice that expects exactly its amount there, whoever made it;
 * any other is listed, and waits for the seller to bind it.
 */
export const receivePayment = (
  work: Work,
  { wallet, amount, meantFor }: { wallet: Wallet; amount: string; meantFor: Invoice },
): Payment => {
  const payment: Payment = {
    id: randomUUID(),
    apiKey: meantFor.apiKey,
    walletId: wallet.id,
    amount,
    hash: newTransactionHash(wallet),
    receivedAt: Math.floor(work.now / secondMs) * secondMs,
    rates: ratesOf(work.state),
    invoiceId: null,
    meantFor: meantFor.id,
  };
  work.state.payments.put(payment.id, payment);
  const invoice = expectedBy(work, wallet.id, amount);
  return invoice === undefined ? payment : markPaid(work, invoice, payment);
};
