import { invoiceOfWebhook, presentWallet } from '../invoices/present.ts';
import { calcAmountFiat, presentTransaction, walletOf } from '../payments/present.ts';
import { settingsOf } from '../settings.ts';
import type { BitsbyState, Invoice, Payment, Project } from '../state.ts';

/** Percent without zeros at its end, as webhooks write it. */
const shortRate = (rate: string): string => rate.replace(/\.?0+$/, '');

/** What the webhook of a paid invoice says. Source: https://docs.bitsby.app/webhook-url */
export const webhookBody = (
  state: BitsbyState,
  { project, invoice, payment }: { project: Project; invoice: Invoice; payment: Payment },
) => {
  const { id, name, commissionPayer } = project;
  const older = settingsOf(state).webhookBody === 'older';
  const commissionRate = shortRate(invoice.commissionRate);
  return {
    wallet: presentWallet(walletOf(state, payment)),
    project: { id, name, ...(!older && { commissionPayer, commissionRate }) },
    invoice: invoiceOfWebhook(invoice, {
      calcAmountFiat: calcAmountFiat(state, payment, invoice),
      older,
    }),
    payment: presentTransaction(payment),
  };
};
