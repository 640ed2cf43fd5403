import type { CanonicalInvoice } from '@quittance/contracts/canonical';
import { StarTransaction } from '@quittance/contracts/telegram';
import { z } from 'zod';
import { atEmulator, hubInvoices } from './telegram-under-test.ts';
import type { TelegramShop } from './telegram-shop-under-test.ts';

/** How an invoice stands, in terms that both sides have. Amounts are Stars or BB Points. */
interface Line {
  ref: string;
  status: string;
  received: number;
  refunded: number;
  /** Charge, payer and amount of each. */
  payments: string[];
  /** Charge and amount of each. */
  refunds: string[];
}

type Movements = Pick<Line, 'payments' | 'refunds' | 'received' | 'refunded'>;

/** Which of its two forms the BBP bot answers in: by its documentation it does not say who paid. */
export type PointsForm = 'source' | 'documented';

const StarPage = z.object({ result: z.object({ transactions: z.array(StarTransaction) }) });
const BbpInvoice = z.looseObject({
  status: z.enum(['paid', 'unpaid']),
  amount: z.coerce.number(),
  paidBy: z.unknown(),
});

const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

/** Every movement of the bot's Stars, oldest first, by Telegram's own method. */
const starTransactions = async (
  shop: Pick<TelegramShop, 'hub' | 'botToken'>,
  offset = 0,
): Promise<StarTransaction[]> => {
  const { hub, botToken } = shop;
  const path = `/bot${botToken}/getStarTransactions?offset=${offset}&limit=100`;
  const answer = await fetch(`${hub.demo.sandboxUrl}${path}`);
  const { transactions } = StarPage.parse(await answer.json()).result;
  if (transactions.length < 100) return transactions;
  return [...transactions, ...(await starTransactions(shop, offset + 100))];
};

const inStars = (ref: string, all: readonly StarTransaction[]): Movements => {
  const paid = all.filter(({ source }) => source?.invoice_payload === ref);
  const charges = new Set(paid.map(({ id }) => id));
  const back = all.filter(({ id, receiver }) => receiver && charges.has(id));
  return {
    payments: paid.map(({ id, source, amount }) => `${id} ${source?.user?.id} ${amount}`),
    refunds: back.map(({ id, amount }) => `refund:${id} ${amount}`),
    received: sum(paid.map(({ amount }) => amount)),
    refunded: sum(back.map(({ amount }) => amount)),
  };
};

const inPoints = async (
  { hub }: Pick<TelegramShop, 'hub'>,
  ref: string,
  form: PointsForm,
): Promise<Movements> => {
  const invoice = BbpInvoice.parse(await atEmulator(hub, 'GET', `/bots-business/invoices/${ref}`));
  const isPaid = invoice.status === 'paid';
  const payer = form === 'source' ? String(invoice.paidBy) : null;
  return {
    payments: isPaid ? [`${ref} ${payer} ${invoice.amount}`] : [],
    refunds: [],
    received: isPaid ? invoice.amount : 0,
    refunded: 0,
  };
};

/** What follows from the money, and, where there is none, from what only the hub knows. */
const statusOf = (
  { received, refunded }: Movements,
  { wasCanceled, hasEnded }: { wasCanceled: boolean; hasEnded: boolean },
): string => {
  if (received > 0 && refunded === received) return 'refunded';
  if (received > 0) return refunded > 0 ? 'partially_refunded' : 'paid';
  if (wasCanceled) return 'canceled';
  return hasEnded ? 'expired' : 'pending';
};

const ourLine = ({ providerRef, status, received, refunded, ...rest }: CanonicalInvoice): Line => ({
  ref: providerRef ?? '',
  status,
  payments: rest.payments
    .map(({ providerRef: charge, payer, amount }) => `${charge} ${payer} ${amount}`)
    .toSorted(),
  refunds: rest.refunds.map(({ providerRef: charge, amount }) => `${charge} ${amount}`).toSorted(),
  received,
  refunded,
});

/** Each invoice of the hub, as the hub has it and as the books of the two bots make it. `now` is UTC ms at the emulators. */
export const bothBooks = async (
  shop: TelegramShop,
  { form, now }: { form: PointsForm; now: number },
): Promise<{ invoices: CanonicalInvoice[]; ours: Line[]; theirs: Line[]; unclaimed: string[] }> => {
  const transactions = await starTransactions(shop);
  const invoices = await hubInvoices(shop.hub);
  const theirs = await Promise.all(
    invoices.map(async ({ id, providerRef, currency, expiresAt }): Promise<Line> => {
      const ref = providerRef ?? '';
      const { payments, refunds, ...money } =
        currency === 'XTR' ? inStars(ref, transactions) : await inPoints(shop, ref, form);
      const sorted = { payments: payments.toSorted(), refunds: refunds.toSorted() };
      const status = statusOf(
        { ...sorted, ...money },
        {
          wasCanceled: shop.canceled.has(id),
          hasEnded: expiresAt !== null && Date.parse(expiresAt) <= now,
        },
      );
      return { ref, status, ...sorted, ...money };
    }),
  );
  const refs = new Set(invoices.map(({ providerRef }) => providerRef));
  const unclaimed = transactions.filter(
    ({ source }) => source && !refs.has(source.invoice_payload ?? ''),
  );
  return {
    invoices,
    ours: invoices.map(ourLine),
    theirs,
    unclaimed: unclaimed.map(({ id }) => id),
  };
};
