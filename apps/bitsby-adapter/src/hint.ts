import { type BitsbyPayment, BitsbyWebhook, type ListedInvoice } from '@quittance/contracts/bitsby';
import { parseJson } from '@quittance/rpc';
import { isSameDecimal } from './money.ts';

type Transaction = Pick<BitsbyPayment, 'id' | 'amount' | 'hash'>;

/** Whether both are about the same money on the same blockchain. */
export const isSamePayment = (a: Transaction, b: Transaction): boolean =>
  a.id === b.id && (a.hash ?? null) === (b.hash ?? null) && isSameDecimal(a.amount, b.amount);

const readHint = (text: string): BitsbyWebhook | undefined => {
  try {
    return BitsbyWebhook.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * Those webhooks that tell of this invoice and of a payment that Bitsby itself lists for it. Anybody who knows the URL
 * can send one, so what else it says is used only then.
 */
export const corroborated = (
  texts: readonly string[],
  { invoice, payments }: { invoice: ListedInvoice; payments: readonly BitsbyPayment[] },
): BitsbyWebhook[] =>
  texts.flatMap((text) => {
    const hint = readHint(text);
    const fits =
      hint?.invoice.id === invoice.id &&
      hint.invoice.currencyFiat === invoice.currencyFiat &&
      payments.some((payment) => isSamePayment(payment, hint.payment));
    return fits ? hint : [];
  });
