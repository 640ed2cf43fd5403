import { type CanonicalInvoice, CanonicalInvoicePage } from '@quittance/contracts/canonical';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';
import { atBitsby, type With } from './bitsby-under-test.ts';
import type { HubUnderTest } from './hub-under-test.ts';

/** An invoice as emulated Bitsby itself has it, and the payments that were made for it, bound to it or not. */
const BitsbyEntry = z.object({
  invoice: z.object({
    id: z.string(),
    uid: z.string(),
    amountFiat: z.string(),
    currencyFiat: z.string(),
    serviceData: z.string(),
    status: z.enum(['unpaid', 'paid', 'canceled', 'expired']),
  }),
  payments: z.array(
    z.object({
      id: z.string(),
      amount: z.string(),
      hash: z.string(),
      isBound: z.boolean(),
      calcAmountFiat: z.string(),
    }),
  ),
});
export type BitsbyEntry = z.infer<typeof BitsbyEntry>;

const BitsbyBooks = z.object({ invoices: z.array(BitsbyEntry) });
const ServiceData = z.strictObject({ quittance: z.string(), data: z.string().nullable() });

/** Every invoice that Bitsby has. */
export const bitsbyBooks = async (hub: With<'sandboxUrl'>): Promise<BitsbyEntry[]> =>
  BitsbyBooks.parse(await atBitsby(hub, 'GET', '/invoices')).invoices;

/** What the hub has written into an invoice at Bitsby: its own key, and the merchant's data. */
export const serviceDataOf = ({ invoice }: BitsbyEntry): z.infer<typeof ServiceData> =>
  ServiceData.parse(parseJson(invoice.serviceData));

/** Every Bitsby invoice that the hub has, whatever became of it. */
export const hubBooks = async (
  hub: Pick<HubUnderTest, 'call'>,
  after?: string,
): Promise<CanonicalInvoice[]> => {
  const place = after === undefined ? '' : `&after=${after}`;
  const { body } = await hub.call(`/v1/invoices?provider=bitsby&limit=100${place}`);
  const { data, next } = CanonicalInvoicePage.parse(body);
  return next === null ? data : [...data, ...(await hubBooks(hub, next))];
};

/** In an order of their own, so that the same sets are equal. */
export const inOrder = <T>(items: readonly T[]): T[] => {
  const textOf = (item: T): string => JSON.stringify(item);
  return items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : Number(textOf(a) > textOf(b))));
};

interface Made {
  ref: string | null;
  key: string;
  payload: string | null;
}

/** What was made, by each side's own word: the same where each invoice of the one is exactly one of the other. */
export const madeBySides = async (
  hub: Pick<HubUnderTest, 'call'> & With<'sandboxUrl'>,
): Promise<{ atHub: Made[]; atBitsby: Made[] }> => {
  const [ours, theirs] = [await hubBooks(hub), await bitsbyBooks(hub)];
  return {
    atHub: inOrder(
      ours.map(({ id, providerRef, payload }) => ({
        ref: providerRef,
        key: `quittance-invoice-${id}`,
        payload,
      })),
    ),
    atBitsby: inOrder(
      theirs.map((entry) => {
        const { quittance: key, data: payload } = serviceDataOf(entry);
        return { ref: entry.invoice.id, key, payload };
      }),
    ),
  };
};
