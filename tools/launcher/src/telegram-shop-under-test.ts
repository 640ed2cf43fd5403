import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { z } from 'zod';
import { advance, insist, minutes } from './faulty-hub-under-test.ts';
import type { HubUnderTest } from './hub-under-test.ts';
import { randomFrom } from './random-under-test.ts';
import { type Person, openPerson } from './telegram-person-under-test.ts';
import {
  atEmulator,
  botName,
  hubInvoices,
  seedOrder,
  settleHeld,
  telegramPayments,
  ways,
  webApp,
} from './telegram-under-test.ts';

/** A shop that is paid in chats, and all who have to do with it. */
export interface TelegramShop {
  hub: HubUnderTest;
  random: () => number;
  /** A text that nothing else has. */
  unique: () => string;
  people: readonly Person[];
  /** For what else has the hub's bot in its hands. */
  botToken: string;
  /** Those of the hub's invoices that it said were canceled. */
  canceled: Set<string>;
  /** What somebody's money was on its way to for longer than a moment, by the bot's id of it. */
  held: Set<string>;
}

/** Who has an account at the BBP bot to pay from. */
const pointsPayers = [519_829_299, 519_829_300];

const Bots = z.array(z.looseObject({ username: z.string(), token: z.string() }));

export const openTelegramShop = async (hub: HubUnderTest, seed: number): Promise<TelegramShop> => {
  for (const id of pointsPayers) {
    const facts = { name: `Ada ${id}`, pin: '4321', balance: 1_000_000, webhook: null };
    await atEmulator(hub, 'PUT', `/bots-business/users/${id}`, facts);
  }
  const bots = Bots.parse(await atEmulator(hub, 'GET', '/telegram/bots'));
  let count = 0;
  return {
    hub,
    random: randomFrom(seed),
    unique: () => {
      count += 1;
      return `${seed}-${count}`;
    },
    people: [
      await openPerson(hub),
      await openPerson(hub, { language: 'ru' }),
      await openPerson(hub),
    ],
    botToken: bots.find(({ username }) => username === botName)?.token ?? '',
    canceled: new Set(),
    held: new Set(),
  };
};

const pick = <T>({ random }: Pick<TelegramShop, 'random'>, items: readonly T[]): T => {
  const picked = items[Math.floor(random() * items.length)];
  if (picked === undefined) throw new Error('There is nothing to pick from');
  return picked;
};

const between = ({ random }: Pick<TelegramShop, 'random'>, min: number, max: number): number =>
  min + Math.floor(random() * (max - min + 1));

/** With a key it is asked for until it is there; without one, once: then the hub sees to it. */
const createBySeed = async (shop: TelegramShop): Promise<void> => {
  const { hub, unique } = shop;
  const key = shop.random() < 0.5 ? unique() : undefined;
  const order = { ...seedOrder(hub), amount: between(shop, 1, 500), payload: unique() };
  const how = {
    way: pick(shop, ways),
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  };
  for (;;) {
    const { status } = await webApp(hub, 'new-invoice', order, how);
    if (status < 500 || key === undefined) return;
  }
};

const createByCanonical = async (shop: TelegramShop): Promise<void> => {
  const isStars = shop.random() < 0.6;
  const expiresIn = pick(shop, [null, 300, 1800, 7200]);
  await insist(shop.hub, '/v1/invoices', {
    key: shop.unique(),
    body: {
      provider: 'telegram',
      ...(isStars ? { link: shop.random() < 0.7 } : { flow: 'telegram.bots_business' }),
      amount: between(shop, 1, 500),
      currency: isStars ? 'XTR' : 'BBP',
      title: 'Tea',
      payload: shop.unique(),
      ...(expiresIn !== null && { expiresIn }),
    },
  });
};

type Deed = (shop: TelegramShop, invoice: CanonicalInvoice) => Promise<unknown>;

const AtBot = z.looseObject({ payLink: z.string().default(''), link: z.string().default('') });
const linksOf = ({ providerData }: CanonicalInvoice) => AtBot.parse(providerData ?? {});

const pay = async (
  shop: TelegramShop,
  { providerRef }: CanonicalInvoice,
  paying: ReturnType<Person['pay']>,
) => {
  const { state } = await paying;
  if (state === 'held') shop.held.add(providerRef ?? '');
};

const isHeld = (shop: TelegramShop): boolean => shop.random() < 0.3;

const payByLink: Deed = (shop, invoice) =>
  pay(shop, invoice, pick(shop, shop.people).pay(linksOf(invoice).link, { hold: isHeld(shop) }));

const openChat: Deed = (shop, invoice) => pick(shop, shop.people).open(linksOf(invoice).payLink, 0);

/** Presses Pay below one of the newest invoices that the bot has shown to somebody. */
const payInSomeChat: Deed = async (shop) => {
  const person = pick(shop, shop.people);
  const hold = isHeld(shop);
  const shown = (await person.told()).filter(({ invoice }) => invoice).slice(-4);
  const payment = await person.pay(pick(shop, shown), { hold });
  if (payment.state === 'held') shop.held.add(payment.invoice_payload);
};

const payInPoints: Deed = ({ hub, ...rest }, { providerRef }) =>
  atEmulator(hub, 'POST', `/bots-business/invoices/${providerRef}/pay`, {
    userId: pick(rest, pointsPayers),
    by: pick(rest, ['chat', 'qr']),
  });

const settleSome: Deed = async (shop) => {
  const waiting = (await telegramPayments(shop.hub)).filter(({ state }) => state === 'held');
  return settleHeld(shop.hub, pick(shop, waiting), pick(shop, ['release', 'release', 'cancel']));
};

const cancel: Deed = async ({ hub, unique, canceled }, { id }) => {
  const answer = await insist(hub, `/v1/invoices/${id}/cancel`, { key: unique(), body: {} });
  if (answer.status === 200 && CanonicalInvoice.parse(answer.body).status === 'canceled') {
    canceled.add(id);
  }
};

const refund: Deed = ({ hub, unique }, { id }) =>
  insist(hub, `/v1/invoices/${id}/refunds`, { key: unique(), body: {} });

/** By another program that has the bot's token. */
const refundElsewhere: Deed = ({ hub, botToken }, { payments }) =>
  fetch(`${hub.demo.sandboxUrl}/bot${botToken}/refundStarPayment`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      user_id: Number(payments[0]?.payer),
      telegram_payment_charge_id: payments[0]?.providerRef,
    }),
    signal: AbortSignal.timeout(300),
  });

const isOpen = ({ status }: CanonicalInvoice): boolean => status === 'pending';
const isStars = ({ currency }: CanonicalInvoice): boolean => currency === 'XTR';
const hasLink = (invoice: CanonicalInvoice): boolean => linksOf(invoice).link !== '';
const hasMoney = ({ net }: CanonicalInvoice): boolean => net > 0;
const whichever = (): boolean => true;

/** What payers, the merchant's program and others do, and to which invoices. */
const deeds: readonly [deed: Deed, suits: (invoice: CanonicalInvoice) => boolean][] = [
  [payByLink, hasLink],
  [payByLink, (invoice) => hasLink(invoice) && isOpen(invoice)],
  [(shop, one) => Promise.allSettled([payByLink(shop, one), payByLink(shop, one)]), hasLink],
  [openChat, isStars],
  [openChat, isStars],
  [openChat, (invoice) => isStars(invoice) && isOpen(invoice)],
  [payInSomeChat, whichever],
  [payInSomeChat, whichever],
  [payInSomeChat, whichever],
  [settleSome, whichever],
  [settleSome, whichever],
  [payInPoints, (invoice) => !isStars(invoice)],
  [payInPoints, (invoice) => !isStars(invoice)],
  [cancel, whichever],
  [cancel, isOpen],
  [refund, whichever],
  [refund, (invoice) => isStars(invoice) && hasMoney(invoice)],
  [refundElsewhere, (invoice) => isStars(invoice) && hasMoney(invoice)],
];

const pauses = [0.01, 0.6, 1, 6, 12, 35];

/** Some invoices made, and things done to those that are there, all at once; then time passes. */
export const liveAWhile = async (shop: TelegramShop): Promise<void> => {
  const invoices = (await hubInvoices(shop.hub)).slice(0, 20);
  const made = [createBySeed(shop), createByCanonical(shop)];
  const done = Array.from({ length: 8 }, async () => {
    const [deed, suits] = pick(shop, deeds);
    return deed(shop, pick(shop, invoices.filter(suits)));
  });
  await Promise.allSettled([...made, ...done]);
  await advance(shop.hub, Math.round(pick(shop, pauses) * minutes));
};

/** Has every payment that is on its way come in, or fail. */
export const settleAll = async (shop: TelegramShop): Promise<void> => {
  const all = await telegramPayments(shop.hub);
  for (const payment of all.filter(({ state }) => state === 'held')) {
    await settleHeld(shop.hub, payment, pick(shop, ['release', 'cancel']));
  }
};
