import { Seed002Invoice } from '@quittance/contracts/seed-002';
import { stripeCli, triggerWithCli } from '@quittance/sandbox/testing/stripe-cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HubUnderTest, openHub } from './hub-under-test.ts';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await openHub('in one process');
});
afterAll(() => hub[Symbol.asyncDispose]());

const title =
  stripeCli === undefined
    ? `skipped: no Stripe CLI for ${process.platform}-${process.arch}, so it does not trigger %s`
    : 'the Stripe CLI triggers %s, which the gateway takes';

const untaken = async (): Promise<string[]> => {
  const { data } = await hub.stripe.events.list({ limit: 100 });
  return data.filter((event) => event.pending_webhooks > 0).map(({ type }) => type);
};

test
  .skipIf(stripeCli === undefined)
  .each([
    'payment_intent.succeeded',
    'payment_intent.payment_failed',
    'charge.refunded',
    'charge.dispute.created',
    'invoice.payment_failed',
    'invoice.payment_action_required',
    'invoice.marked_uncollectible',
    'invoice.voided',
    'invoice.deleted',
  ])(
  title,
  async (event) => {
    await triggerWithCli(event, hub.demo.sandboxUrl);
    const { data } = await hub.stripe.events.list({ type: event });
    expect(data.length).toBeGreaterThan(0);
    await expect.poll(untaken, { timeout: 10_000 }).toEqual([]);
  },
  60_000,
);

test.skipIf(stripeCli === undefined)(
  'what the Stripe CLI made is taken in when its customer becomes a user',
  async () => {
    await triggerWithCli('invoice.paid', hub.demo.sandboxUrl);
    await expect.poll(untaken, { timeout: 10_000 }).toEqual([]);
    const [made] = (await hub.stripe.invoices.list({ status: 'paid', limit: 1 })).data;
    const headers = { 'api-key': hub.demo.adminKey, 'content-type': 'application/json' };
    const customer = typeof made?.customer === 'string' ? made.customer : '';
    const items = [{ name: 'More', amount: 500 }];
    const body = JSON.stringify({ customer, items, daysUntilDue: 3, currency: 'USD' });
    const created = await hub.call('/admin/api/invoices', { method: 'POST', headers, body });
    expect(created.status).toBe(200);
    const record = Seed002Invoice.parse(
      (await hub.call(`/admin/api/invoices/${made?.id}`, { headers })).body,
    );
    expect(record).toMatchObject({ status: 'paid', amount: made?.total });
  },
  60_000,
);
