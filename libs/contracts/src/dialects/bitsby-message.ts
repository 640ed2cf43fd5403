import { z } from 'zod';
import type { Invoice, Payment } from '../domain/invoice.ts';
import { formatDecimal } from '../domain/money.ts';
import type { CryptoTransfer } from '../domain/observation.ts';
import type { Project } from '../domain/project.ts';
import { readProviderData } from './provider-data.ts';

/** `YYYY-MM-DD HH:MM:SS` in UTC, as Bitsby writes times. */
const Datetime = z.string();
/** An exact decimal with two decimals. */
const Fiat = z.string();

/**
 * What an endpoint of format `bitsby` is sent: the body of Bitsby's own webhook, field by field and in that order, of
 * https://docs.bitsby.app/webhook-url. It has one message, that an invoice was paid.
 */
export const BitsbyMessage = z.object({
  /** What was paid to; null where Bitsby did not say. */
  wallet: z
    .object({
      id: z.string(),
      name: z.string(),
      blockchain: z.string().nullable(),
      cryptocurrency: z.string().nullable(),
      address: z.string(),
    })
    .nullable(),
  project: z.object({
    /** Our own id and name of it. */
    id: z.string(),
    name: z.string(),
    /** Who pays the commission and how much of the amount it is, in percent: where Bitsby said so. */
    commissionPayer: z.string().optional(),
    commissionRate: z.string().optional(),
  }),
  invoice: z.object({
    /** Bitsby's ids of it. */
    id: z.string().nullable(),
    uid: z.string().optional(),
    createDatetime: Datetime,
    timeToPayDatetime: Datetime.nullable(),
    commissionFiatUSD: Fiat.optional(),
    amountFiatUSD: Fiat.optional(),
    amountFiat: Fiat,
    /** What was received, at the rate of the moment of payment: it may be more or less than `amountFiat`. */
    calcAmountFiat: Fiat,
    currencyFiat: z.string(),
    description: z.string().nullable(),
    /** The shop's own data, as it gave it. */
    serviceData: z.string().nullable(),
    status: z.literal('paid'),
  }),
  /** Null where nothing is known of it but that there was one. */
  payment: z
    .object({
      id: z.string(),
      /** Of the cryptocurrency, with eight decimals; money that came by card has no hash. */
      amount: z.string().optional(),
      hash: z.string().optional(),
      transactionDatetime: Datetime,
    })
    .nullable(),
});
export type BitsbyMessage = z.infer<typeof BitsbyMessage>;

const said = z.string().optional().catch(undefined);

const ListedPayment = z.object({ id: said, amount: said, hash: said });

/**
 * What of Bitsby's own object is passed on. A message must be made whatever is in there, since the payment that it tells
 * of is stored together with it: what is missing, or is something else, is left out.
 */
const BitsbyObject = z.object({
  uid: said,
  createDatetime: said,
  timeToPayDatetime: said,
  commissionFiatUSD: said,
  amountFiatUSD: said,
  payments: z.array(ListedPayment.catch({})).catch([]),
  project: z
    .object({
      commissionPayer: said,
      commissionRate: z
        .union([z.string(), z.number().transform(String)])
        .optional()
        .catch(undefined),
    })
    .catch({ commissionPayer: undefined, commissionRate: undefined }),
});

const toDatetime = (time: string): string =>
  new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** With at least eight decimals, as Bitsby writes amounts of every cryptocurrency. */
const withEightDecimals = (amount: string): string => {
  const [whole = '', fraction = ''] = amount.split('.');
  return /^[\d.]+$/.test(amount) ? `${whole}.${fraction.padEnd(8, '0')}` : amount;
};

/**
 * The payment that an invoice was paid with: the one that covers it by itself, or else the one with which what was
 * received does. Where the account's policy takes less, that is the last one.
 */
const payingOf = ({ payments, amount, currency }: Invoice): Payment | undefined => {
  const counted = payments.filter(({ money }) => money.currency === currency);
  const receivedWith = (last: number): number =>
    counted.slice(0, last + 1).reduce((sum, { money }) => sum + money.amount, 0);
  return (
    counted.find(({ money }) => money.amount >= amount) ??
    counted.find((_, index) => receivedWith(index) >= amount) ??
    counted.at(-1)
  );
};

const walletOf = ({ wallet, blockchain, cryptocurrency }: CryptoTransfer) =>
  wallet && {
    id: wallet.id,
    name: wallet.name,
    blockchain,
    cryptocurrency,
    address: wallet.address,
  };

const paymentOf = (
  { ref, crypto, paidAt }: Payment,
  listed: readonly z.infer<typeof ListedPayment>[],
) => {
  const { amount, hash } = crypto ?? listed.find(({ id }) => id === ref) ?? {};
  return {
    id: ref,
    amount: amount === undefined ? undefined : withEightDecimals(amount),
    hash,
    transactionDatetime: toDatetime(paidAt),
  };
};

/** The JSON text that says, as Bitsby says it, that an invoice was paid. */
export const bitsbyMessage = ({
  invoice,
  project: { id, name },
}: {
  invoice: Invoice;
  project: Pick<Project, 'id' | 'name'>;
}): string => {
  const { currency, providerRef, description, payload, createdAt, expiresAt } = invoice;
  const known = BitsbyObject.parse(
    invoice.providerData === null ? {} : readProviderData(invoice.providerData),
  );
  const paying = payingOf(invoice);
  return JSON.stringify({
    wallet: paying?.crypto ? walletOf(paying.crypto) : null,
    project: { id, name, ...known.project },
    invoice: {
      id: providerRef,
      uid: known.uid,
      createDatetime: known.createDatetime ?? toDatetime(createdAt),
      timeToPayDatetime: known.timeToPayDatetime ?? (expiresAt && toDatetime(expiresAt)),
      commissionFiatUSD: known.commissionFiatUSD,
      amountFiatUSD: known.amountFiatUSD,
      amountFiat: formatDecimal({ amount: invoice.amount, currency }),
      calcAmountFiat: formatDecimal({ amount: invoice.received, currency }),
      currencyFiat: currency,
      description,
      serviceData: payload,
      status: 'paid',
    },
    payment: paying ? paymentOf(paying, known.payments) : null,
  } satisfies BitsbyMessage);
};
