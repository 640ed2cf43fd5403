import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { Seed002Invoice, Seed002Page } from '@quittance/contracts/seed-002';
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { advance, days, insist } from './faulty-hub-under-test.ts';
import type { HubUnderTest } from './hub-under-test.ts';
import { randomFrom } from './random-under-test.ts';

const testCards = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_chargeCustomerFail',
  'pm_card_createDispute',
  'pm_card_authenticationRequired',
];

interface Customer {
  id: string;
  cards: string[];
}

export interface Month {
  hub: HubUnderTest;
  stripe: Stripe;
  customers: Customer[];
  random: () => number;
  /** A name that nothing else has. */
  unique: () => string;
  /** Ids of Stripe's: what was made by whichever side. */
  invoices: string[];
  intents: { ref: string; id: string }[];
}

const pick = <T>({ random }: Month, items: readonly T[]): T => {
  const picked = items[Math.floor(random() * items.length)];
  if (picked === undefined) throw new Error('There is nothing to pick from');
  return picked;
};

const between = ({ random }: Month, min: number, max: number): number =>
  min + Math.floor(random() * (max - min + 1));

export const openMonth = async (
  hub: HubUnderTest,
  stripe: Stripe,
  seed: number,
): Promise<Month> => {
  const random = randomFrom(seed);
  let count = 0;
  const customers: Customer[] = [];
  for (const name of ['Ada', 'Grace']) {
    const { id } = await stripe.customers.create({ name });
    const cards: string[] = [];
    for (const card of testCards) {
      cards.push((await stripe.paymentMethods.attach(card, { customer: id })).id);
    }
    customers.push({ id, cards });
  }
  const unique = (): string => {
    count += 1;
    return `${seed}-${count}`;
  };
  return { hub, stripe, customers, random, unique, invoices: [], intents: [] };
};

const Made = z.looseObject({ id: z.string() });

const adminCreate = async (month: Month): Promise<void> => {
  const customer = pick(month, month.customers);
  const items = Array.from({ length: between(month, 1, 3) }, () => ({
    name: month.unique(),
    amount: between(month, 100, 5000),
    quantity: between(month, 1, 3),
  }));
  const { status, body } = await insist(month.hub, '/admin/api/invoices', {
    key: month.unique(),
    headers: { 'api-key': month.hub.demo.adminKey },
    body: {
      items,
      customer: customer.id,
      paymentMethod: pick(month, customer.cards),
      currency: 'USD',
      ...(month.random() < 0.2 && { daysUntilDue: between(month, 1, 10) }),
    },
  });
  if (status === 200) month.invoices.push(Made.parse(body).id);
};

const dashboardCreate = async (month: Month): Promise<void> => {
  const { stripe } = month;
  const customer = pick(month, month.customers);
  const draft = await stripe.invoices.create({
    customer: customer.id,
    currency: 'usd',
    default_payment_method: pick(month, customer.cards),
    auto_advance: month.random() < 0.5,
  });
  month.invoices.push(draft.id);
  await stripe.invoices.addLines(draft.id, {
    lines: [{ description: month.unique(), amount: between(month, 100, 9000) }],
  });
};

const canonicalCreate = async (month: Month): Promise<void> => {
  const { status, body } = await insist(month.hub, '/v1/invoices', {
    key: month.unique(),
    body: { provider: 'stripe', amount: between(month, 100, 5000), currency: 'USD' },
  });
  if (status !== 201) return;
  const { id, providerRef } = CanonicalInvoice.parse(body);
  if (providerRef !== null) month.intents.push({ id, ref: providerRef });
};

/** Our id of an invoice of Stripe's, once we know it. */
const idOf = async ({ hub }: Month, ref: string): Promise<string> => {
  const headers = { 'api-key': hub.demo.adminKey };
  const { body } = await hub.call(`/admin/api/invoices/${ref}`, { headers });
  const { _id: id } = Seed002Invoice.parse(body);
  return id;
};

type Deed = (month: Month, ref: string) => Promise<unknown>;

const atHub =
  (operation: string, body: (month: Month) => object = () => ({})): Deed =>
  async (month, ref) =>
    insist(month.hub, `/v1/invoices/${await idOf(month, ref)}/${operation}`, {
      key: month.unique(),
      body: body(month),
    });

const refundAtStripe: Deed = async ({ stripe }, ref) => {
  const { data } = await stripe.invoicePayments.list({ invoice: ref, status: 'paid' });
  const paid = data[0]?.payment.payment_intent;
  if (typeof paid !== 'string') return;
  await stripe.refunds.create({ payment_intent: paid, amount: 50 });
};

const answerDisputes: Deed = async (month) => {
  const { data } = await month.stripe.disputes.list({ limit: 20 });
  const open = data.filter(({ status }) => status === 'needs_response');
  const evidence = pick(month, ['winning_evidence', 'losing_evidence']);
  for (const { id } of open.slice(0, 2)) {
    await month.stripe.disputes.update(id, {
      evidence: { uncategorized_text: evidence },
      submit: true,
    });
  }
};

/** What can be done with an invoice, by the merchant through the hub and by people at Stripe. */
const deeds: readonly Deed[] = [
  atHub('finalize'),
  atHub('pay'),
  atHub('pay'),
  atHub('send'),
  atHub('void'),
  atHub('mark-uncollectible'),
  atHub('cancel'),
  atHub('refunds', (month) => ({ amount: between(month, 1, 300) })),
  atHub('refunds', (month) => ({ amount: between(month, 1, 300) })),
  ({ stripe }, ref) => stripe.invoices.finalizeInvoice(ref),
  ({ stripe }, ref) => stripe.invoices.pay(ref),
  ({ stripe }, ref) => stripe.invoices.pay(ref, { paid_out_of_band: true }),
  ({ stripe }, ref) => stripe.invoices.voidInvoice(ref),
  ({ stripe }, ref) => stripe.invoices.del(ref),
  refundAtStripe,
  refundAtStripe,
  answerDisputes,
];

const intentDeed = async (month: Month): Promise<unknown> => {
  const { hub, stripe } = month;
  const { id, ref } = pick(month, month.intents);
  return pick<() => Promise<unknown>>(month, [
    () => stripe.paymentIntents.confirm(ref, { payment_method: 'pm_card_visa' }),
    () => stripe.paymentIntents.confirm(ref, { payment_method: 'pm_card_chargeDeclined' }),
    () => insist(hub, `/v1/invoices/${id}/cancel`, { key: month.unique(), body: {} }),
    () => insist(hub, `/v1/invoices/${id}/refunds`, { key: month.unique(), body: { amount: 40 } }),
  ])();
};

/** A day: some invoices made, some things done with those that are there, all at once; then the night passes. */
export const liveDay = async (month: Month): Promise<void> => {
  const makers = [adminCreate, adminCreate, dashboardCreate, canonicalCreate];
  const made = Array.from({ length: 2 }, () => pick(month, makers)(month));
  const done = Array.from({ length: 4 }, () =>
    month.invoices.length === 0
      ? undefined
      : pick(month, deeds)(month, pick(month, month.invoices.slice(-8))),
  );
  const paid = month.intents.length === 0 ? undefined : intentDeed(month);
  await Promise.allSettled([...made, ...done, paid]);
  await advance(month.hub, between(month, 1, 24) * (days / 24));
};

export interface Line {
  ref: string;
  status: string;
  amount: number;
  received: number;
  refunded: number;
  disputes: string[];
}

const succeeded = ({ status }: Stripe.Refund): boolean => status === 'succeeded';

const disputeWords: Partial<Record<Stripe.Dispute['status'], string>> = {
  won: 'won',
  warning_closed: 'won',
  lost: 'lost',
};

const byPayment = <T extends { payment_intent: string | object | null }>(
  items: readonly T[],
): ((refs: readonly string[]) => T[]) => {
  const groups = Map.groupBy(items, ({ payment_intent: ref }) =>
    typeof ref === 'string' ? ref : '',
  );
  return (refs) => refs.flatMap((ref) => groups.get(ref) ?? []);
};

const all = { limit: 100 };
const most = { limit: 5000 };

/** Stripe's books: every invoice with its money. */
export const theirBooks = async ({ stripe }: Month): Promise<Line[]> => {
  const invoices = await stripe.invoices.list(all).autoPagingToArray(most);
  const payments = await stripe.invoicePayments.list(all).autoPagingToArray(most);
  const refundsOf = byPayment(await stripe.refunds.list(all).autoPagingToArray(most));
  const disputesOf = byPayment(await stripe.disputes.list(all).autoPagingToArray(most));
  return invoices.map(({ id, status, amount_due, amount_paid }) => {
    const refs = payments.flatMap(({ invoice, payment }) =>
      invoice === id && typeof payment.payment_intent === 'string' ? [payment.payment_intent] : [],
    );
    return {
      ref: id,
      status: status ?? 'draft',
      amount: amount_due,
      received: amount_paid,
      refunded: refundsOf(refs)
        .filter(succeeded)
        .reduce((sum, { amount }) => sum + amount, 0),
      disputes: disputesOf(refs).map((dispute) => disputeWords[dispute.status] ?? 'open'),
    };
  });
};

/** Every record of the admin API, page by page. */
const adminRecords = async (hub: HubUnderTest, page = 1): Promise<Seed002Invoice[]> => {
  const headers = { 'api-key': hub.demo.adminKey };
  const { body } = await hub.call(`/admin/api/invoices?page=${page}&limit=100`, { headers });
  const { invoices, count } = Seed002Page.parse(body);
  const more = page * 100 < count ? await adminRecords(hub, page + 1) : [];
  return [...invoices, ...more];
};

/** Our books, of what Stripe still has: a draft that was deleted there is void here. */
export const ourBooks = async (month: Month, theirs: readonly Line[]): Promise<Line[]> => {
  const known = new Set(theirs.map(({ ref }) => ref));
  const records = await adminRecords(month.hub);
  const kept = records.filter(({ invoiceId, status }) => known.has(invoiceId) || status !== 'void');
  return Promise.all(
    kept.map(async ({ _id, invoiceId, status, amount }) => {
      const { body } = await month.hub.call(`/v1/invoices/${_id}`);
      const invoice = CanonicalInvoice.parse(body);
      const { received, refunded, remaining, overpaid } = invoice;
      if (invoice.amount !== received + remaining - overpaid) throw new Error(`${_id} is unsound`);
      const disputes = invoice.disputes.map(({ state }) => state);
      return { ref: invoiceId, status, amount, received, refunded, disputes };
    }),
  );
};
