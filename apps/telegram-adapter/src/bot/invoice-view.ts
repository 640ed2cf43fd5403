import type { CheckoutRefusal, HeldInvoice, Invoice } from '@quittance/contracts';
import { TelegramInvoice } from '@quittance/contracts/telegram';
import { parseJson } from '@quittance/rpc';
import { readableAmount } from './amounts.ts';
import type { Texts } from './texts.ts';

/** How the bot shows an invoice of its own; undefined for one of another flow. */
export const shownInvoice = ({ flow, providerData }: Invoice): TelegramInvoice | undefined =>
  flow === 'telegram.bot_api' && providerData !== null
    ? TelegramInvoice.parse(parseJson(providerData))
    : undefined;

/**
 * Why an invoice cannot be paid; undefined when it can. It has expired when its time is over, whether or not the core
 * has come to it. What counts is said when somebody pays.
 */
export const whyNotPayable = (
  { status, expiresAt }: Invoice,
  now: number,
): CheckoutRefusal | undefined => {
  switch (status) {
    case 'pending':
    case 'partially_paid':
      return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : undefined;
    case 'paid':
    case 'partially_refunded':
    case 'refunded':
      return 'paid';
    case 'expired':
    case 'canceled':
      return status;
    case 'draft':
    case 'creating':
    case 'processing':
    case 'failed':
    case 'uncollectible':
      return 'not_payable';
  }
};

/** What the invoice says, and why it cannot be paid if so. */
export const invoiceText = (
  { invoice, merchant }: HeldInvoice,
  shown: TelegramInvoice,
  { texts, refusal }: { texts: Texts; refusal: CheckoutRefusal | undefined },
): string => {
  const { title, description } = shown;
  const text = texts.invoice({
    merchant,
    title,
    description,
    amount: readableAmount(invoice, texts.locale),
    state: refusal === 'expired' ? texts.states.expired : texts.states[invoice.status],
  });
  return refusal === undefined ? text : `${text}\n\n${texts.refusals[refusal]}`;
};
