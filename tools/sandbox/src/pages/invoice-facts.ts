import { Stripe } from 'stripe';
import { fromWire } from '../stripe/api/decimal.ts';
import { decimalsOf, toDecimal } from '../stripe/payment-intents/currencies.ts';

/** Minor units of the invoice's currency as a person reads them, e.g. `20.50 USD`. */
export const money = (amount: number, { currency }: Stripe.Invoice): string =>
  `${toDecimal(amount, currency)} ${currency.toUpperCase()}`;

/** The price of one unit as a person reads it; parts of a minor unit are shown as far as they go, e.g. `0.0125 USD`. */
export const unitPrice = (line: Stripe.InvoiceLineItem, { currency }: Stripe.Invoice): string => {
  const minor = line.pricing?.unit_amount_decimal ?? Stripe.Decimal.from(line.amount);
  const decimals = decimalsOf(currency);
  const price = fromWire(minor).mul(Stripe.Decimal.from(`1e-${decimals}`));
  const places = price.toString().split('.')[1]?.length ?? 0;
  return `${price.toFixed(Math.max(decimals, places), 'half-up')} ${currency.toUpperCase()}`;
};

const day = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10);

/** What an invoice shows besides its lines, in the order of reading. */
export const invoiceFacts = (invoice: Stripe.Invoice): [term: string, value: string][] => [
  ['Invoice number', invoice.number ?? ''],
  ['Status', invoice.status ?? ''],
  ['Date of issue', day(invoice.effective_at ?? invoice.created)],
  ...(invoice.due_date === null ? [] : [['Date due', day(invoice.due_date)] as [string, string]]),
  ['From', invoice.account_name ?? ''],
  ['Bill to', [invoice.customer_name, invoice.customer_email].filter(Boolean).join(', ')],
  ...(invoice.custom_fields ?? []).map(({ name, value }): [string, string] => [name, value]),
];

/** What its lines add up to, in the order of reading. */
export const invoiceSums = (invoice: Stripe.Invoice): [term: string, value: string][] => [
  ['Subtotal', money(invoice.subtotal, invoice)],
  ['Total', money(invoice.total, invoice)],
  ...(invoice.starting_balance === 0
    ? []
    : [['Applied balance', money(invoice.starting_balance, invoice)] as [string, string]]),
  ['Amount due', money(invoice.amount_due, invoice)],
  ['Amount paid', money(invoice.amount_paid, invoice)],
  ['Amount remaining', money(invoice.amount_remaining, invoice)],
];
