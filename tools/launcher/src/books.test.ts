import { join } from 'node:path';
import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { openSqliteStore, verifyLedger } from '@quittance/invoice-core/app';
import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import {
  advance,
  control,
  faultsOf,
  insist,
  minutes,
  patientStripe,
} from './faulty-hub-under-test.ts';
import { type HubUnderTest, openHub } from './hub-under-test.ts';

/** 1,000 rounds in `npm run test:deep`, a quick sample otherwise. */
const rounds = process.env.QUITTANCE_DEEP === undefined ? 40 : 1000;
const atOnce = 10;

const create = async (hub: HubUnderTest, round: number): Promise<CanonicalInvoice> => {
  const body = { provider: 'stripe', amount: 2050, currency: 'USD', expiresIn: 86_400 };
  const answer = await insist(hub, '/v1/invoices', { key: `create-${round}`, body });
  expect(answer.status).toBe(201);
  return CanonicalInvoice.parse(answer.body);
};

/** Everything that can happen to an invoice, at once. */
const oneRound = async (hub: HubUnderTest, stripe: Stripe, round: number): Promise<string> => {
  const { id, providerRef } = await create(hub, round);
  const ref = providerRef ?? '';
  const confirm = (payment_method: string) => () =>
    stripe.paymentIntents.confirm(ref, { payment_method });
  const pay = confirm('pm_card_visa');
  const decline = confirm('pm_card_chargeDeclined');
  const cancel = () =>
    insist(hub, `/v1/invoices/${id}/cancel`, { key: `cancel-${round}`, body: {} });
  const refund = (amount: number) => () =>
    insist(hub, `/v1/invoices/${id}/refunds`, {
      key: `refund-${round}-${amount}`,
      body: { amount },
    });
  const refundElsewhere = () => stripe.refunds.create({ payment_intent: ref, amount: 300 });
  const poll = () => advance(hub, 16 * minutes);

  const scripts = [
    [
      [pay, cancel, refund(500), poll, refund(1550)],
      [refund(400), refund(700)],
    ],
    [[cancel, poll], [pay]],
    [[pay], [refundElsewhere, refund(2000), refund(1750), poll]],
    [[decline], [pay, cancel], [refund(2050), refundElsewhere]],
    [
      [pay, pay, cancel, cancel],
      [poll, refund(2050)],
    ],
  ];
  for (const step of scripts[round % scripts.length] ?? []) {
    await Promise.allSettled(step.map((act) => act()));
  }
  return id;
};

interface Line {
  received: number;
  refunded: number;
  isCanceled: boolean;
}

const ours = async (hub: HubUnderTest, id: string): Promise<Line & { ref: string }> => {
  const invoice = CanonicalInvoice.parse((await hub.call(`/v1/invoices/${id}`)).body);
  const { received, refunded, remaining, overpaid, net, amount } = invoice;
  expect(amount).toBe(received + remaining - overpaid);
  expect(net).toBe(received - refunded);
  const isCanceled = invoice.status === 'canceled' || invoice.status === 'expired';
  return { received, refunded, isCanceled, ref: invoice.providerRef ?? '' };
};

const theirs = async (stripe: Stripe, ref: string): Promise<Line> => {
  const intent = await stripe.paymentIntents.retrieve(ref);
  const refunds = await stripe.refunds.list({ payment_intent: ref, limit: 100 });
  return {
    received: intent.amount_received,
    refunded: refunds.data
      .filter(({ status }) => status === 'succeeded')
      .reduce((sum, { amount }) => sum + amount, 0),
    isCanceled: intent.status === 'canceled',
  };
};

test(`after ${rounds} rounds of everything at once, with faults, the emulator's books and ours agree`, async () => {
  await using hub = await openHub('in one process');
  const stripe = patientStripe(hub);
  await control(hub, 'faults', 'PUT', faultsOf(20_261_122));

  const ids: string[] = [];
  for (let round = 0; round < rounds; round += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, rounds - round) }, (_, index) =>
      oneRound(hub, stripe, round + index),
    );
    ids.push(...(await Promise.all(batch)));
  }
  await control(hub, 'faults', 'DELETE');

  const disagreements = async (): Promise<unknown[]> => {
    await advance(hub, 16 * minutes);
    const lines = await Promise.all(
      ids.map(async (id) => {
        const { ref, ...own } = await ours(hub, id);
        return { id, own, other: await theirs(stripe, ref) };
      }),
    );
    return lines.filter(({ own, other }) => JSON.stringify(own) !== JSON.stringify(other));
  };
  await expect.poll(disagreements, { timeout: 60_000, interval: 500 }).toEqual([]);
  const intents = await stripe.paymentIntents
    .list({ limit: 100 })
    .autoPagingToArray({ limit: 5000 });
  expect(intents).toHaveLength(rounds);

  const store = await openSqliteStore(join(hub.dataDir, 'quittance.db'));
  expect((await verifyLedger(store.read)).discrepancies).toEqual([]);
  const unfinished = await store.read
    .selectFrom('acts')
    .select('id')
    .where('state', '=', 'pending')
    .execute();
  await store.close();
  expect(unfinished).toEqual([]);
}, 600_000);
