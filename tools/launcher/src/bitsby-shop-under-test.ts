import { CanonicalInvoice, CanonicalInvoicePage } from '@quittance/contracts/canonical';
import { Seed003Created } from '@quittance/contracts/seed-003';
import { z } from 'zod';
import { type BitsbyEntry, bitsbyBooks } from './bitsby-books-under-test.ts';
import { sandboxApiKey } from './bitsby-settings.ts';
import { atBitsby, form, orderOf } from './bitsby-under-test.ts';
import { advance, insist, minutes } from './faulty-hub-under-test.ts';
import type { HubUnderTest } from './hub-under-test.ts';
import { randomFrom } from './random-under-test.ts';

/** The demo shop and all who have to do with it: its buyers, its seller, and Bitsby's panel. */
export interface Shop {
  hub: HubUnderTest;
  random: () => number;
  /** A text that nothing else has. */
  unique: () => string;
  /** What the panel has of the shop. */
  project: z.infer<typeof PanelProject>;
}

const PanelProject = z.object({
  id: z.string(),
  apiKey: z.string(),
  name: z.string(),
  webhookUrl: z.string(),
  commissionPayer: z.string(),
});

export const openShopOfSeed = async (hub: HubUnderTest, seed: number): Promise<Shop> => {
  const { projects } = z
    .object({ projects: z.tuple([PanelProject]) })
    .parse(await atBitsby(hub, 'GET', '/projects'));
  let count = 0;
  const unique = (): string => {
    count += 1;
    return `${seed}-${count}`;
  };
  return { hub, random: randomFrom(seed), unique, project: projects[0] };
};

const pick = <T>({ random }: Shop, items: readonly T[]): T => {
  const picked = items[Math.floor(random() * items.length)];
  if (picked === undefined) throw new Error('There is nothing to pick from');
  return picked;
};

const between = ({ random }: Shop, min: number, max: number): number =>
  min + Math.floor(random() * (max - min + 1));

const currencies = ['EUR', 'USD', 'RUB'];
const times = [0.5, 1, 3, 6, 12];
const payloads = [
  (unique: string) => `{"order":"${unique}"}`,
  (unique: string) => `${unique}\r\n "€" \\u20ac \t`,
];

/** With a key it is asked for until it is there; without one, once: then the hub sees to it. */
const createByForm = async (shop: Shop): Promise<void> => {
  const { hub } = shop;
  const key = shop.random() < 0.5 ? shop.unique() : undefined;
  const fields = {
    ...orderOf(hub),
    amountFiat: `${between(shop, 1, 60)}.${between(shop, 10, 99)}`,
    currencyFiat: pick(shop, currencies),
    timeToPay: String(pick(shop, times)),
    serviceData: pick(shop, payloads)(shop.unique()),
  };
  for (;;) {
    const headers = key === undefined ? undefined : { 'idempotency-key': key };
    const { status, body } = await form(hub, '/invoices/create', fields, headers);
    if (status === 200) Seed003Created.parse(body);
    if (status < 500 || key === undefined) return;
  }
};

const createByCanonical = async (shop: Shop): Promise<void> => {
  await insist(shop.hub, '/v1/invoices', {
    key: shop.unique(),
    body: {
      provider: 'bitsby',
      projectId: shop.hub.demo.projectId,
      amount: between(shop, 100, 6000),
      currency: pick(shop, currencies),
      timeToPay: pick(shop, times),
      payload: pick(shop, payloads)(shop.unique()),
    },
  });
};

const makers = [createByForm, createByCanonical];

type Deed = (shop: Shop, entry: BitsbyEntry) => Promise<unknown>;

const pay = (shop: Shop, { invoice }: BitsbyEntry, how: object): Promise<unknown> =>
  atBitsby(shop.hub, 'POST', `/invoices/${invoice.uid}/pay`, {
    wallet: pick(shop, ['usdt-tron', 'usdt-bnb', 'eth', 'btc']),
    ...how,
  });

/** How long a person looks at a page that does not come. */
const personWaitsMs = 300;

const atPanel = ({ hub }: Shop, path: string, fields: Record<string, string>) =>
  fetch(`${hub.demo.sandboxUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Token ${sandboxApiKey}` },
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(personWaitsMs),
  });

/** By the id that the canonical API has. */
const cancelByCanonical: Deed = async ({ hub, unique }, { invoice }) => {
  const { body } = await hub.call(`/v1/invoices?provider=bitsby&limit=100`);
  const { data } = CanonicalInvoicePage.parse(body);
  const found = data.find(({ providerRef }) => providerRef === invoice.id);
  if (!found) return;
  const answer = await insist(hub, `/v1/invoices/${found.id}/cancel`, { key: unique(), body: {} });
  if (answer.status === 200) CanonicalInvoice.parse(answer.body);
};

/** What buyers, the seller and the merchant's program do to an invoice. */
const deeds: readonly Deed[] = [
  (shop, entry) => pay(shop, entry, { amount: 'exact' }),
  (shop, entry) => pay(shop, entry, { amount: 'exact' }),
  (shop, entry) => pay(shop, entry, { amount: 'exact', bind: true }),
  (shop, entry) => pay(shop, entry, { amount: 'short', bind: true }),
  (shop, entry) => pay(shop, entry, { amount: 'short' }),
  (shop, entry) => pay(shop, entry, { amount: 'over', bind: true }),
  (shop, entry) => pay(shop, entry, { amount: 'over' }),
  ({ hub }, { invoice, payments }) =>
    atBitsby(hub, 'POST', `/invoices/${invoice.uid}/bind`, { paymentId: payments[0]?.id ?? '' }),
  async ({ hub }, { invoice }) => {
    const signal = AbortSignal.timeout(personWaitsMs);
    const page = await fetch(`${hub.demo.sandboxUrl}/invoices/pay/${invoice.uid}`, { signal });
    return page.text();
  },
  ({ hub }, { invoice }) => form(hub, '/invoices/cancel', { invoiceId: invoice.id }),
  cancelByCanonical,
  (shop, { invoice }) => atPanel(shop, '/invoices/cancel', { invoiceId: invoice.id }),
];

/** What changes at Bitsby for everybody: rates, what it answers and tells, the shop's balance, and whether it is told. */
const changes: readonly ((shop: Shop) => Promise<unknown>)[] = [
  (shop) =>
    atBitsby(shop.hub, 'PUT', '/rates', {
      fiat: { EUR: `1.0${between(shop, 1, 9)}` },
      crypto: { usdt: pick(shop, ['0.97', '1', '1.04']), eth: `${between(shop, 3000, 4000)}` },
    }),
  (shop) =>
    atBitsby(shop.hub, 'PUT', '/settings', {
      rateLimit: false,
      createAnswer: pick(shop, ['amounts', 'amounts_and_wallets', 'wallets']),
      webhookBody: pick(shop, ['newest', 'older']),
    }),
  (shop) =>
    atBitsby(shop.hub, 'PUT', '/balance', {
      apiKey: sandboxApiKey,
      internal: shop.random() < 0.5 ? '-0.01' : '100',
    }),
  (shop) => {
    const { id, ...project } = shop.project;
    const webhookUrl = shop.random() < 0.4 ? null : project.webhookUrl;
    return atBitsby(shop.hub, 'PUT', `/projects/${id}`, { ...project, webhookUrl });
  },
];

const pauses = [1, 6, 35, 130];

/** Some invoices made, and things done to those that are there, all at once; then time passes. */
export const liveHour = async (shop: Shop): Promise<void> => {
  if (shop.random() < 0.6) await pick(shop, changes)(shop);
  const entries = (await bitsbyBooks(shop.hub)).slice(0, 8);
  const made = Array.from({ length: 2 }, () => pick(shop, makers)(shop));
  const done = Array.from({ length: 4 }, () =>
    entries.length === 0 ? undefined : pick(shop, deeds)(shop, pick(shop, entries)),
  );
  await Promise.allSettled([...made, ...done]);
  await advance(shop.hub, pick(shop, pauses) * minutes);
};
