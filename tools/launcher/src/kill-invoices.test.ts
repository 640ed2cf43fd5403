import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { Seed002Invoice } from '@quittance/contracts/seed-002';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type KillableHub, openKillableHub, type Strike } from './killable-hub-under-test.ts';

let hub: KillableHub;
let customer: string;

beforeEach(async () => {
  hub = await openKillableHub();
  const made = await hub.stripe.customers.create({ name: 'Ada', payment_method: 'pm_card_visa' });
  const [card] = (await hub.stripe.customers.listPaymentMethods(made.id)).data;
  await hub.stripe.customers.update(made.id, {
    invoice_settings: { default_payment_method: card?.id ?? '' },
  });
  customer = made.id;
});

afterEach(() => hub.close());

const create = (key?: string): Promise<Response> =>
  hub.call('/admin/api/invoices', {
    method: 'POST',
    headers: { 'api-key': hub.adminKey, ...(key !== undefined && { 'idempotency-key': key }) },
    body: {
      customer,
      currency: 'EUR',
      items: [
        { name: 'Compute', amount: 1100, quantity: 2 },
        { name: 'Storage', amount: 1100 },
      ],
    },
  });

const statuses = () => hub.rows<{ status: string }>('select status from invoices');

/** One invoice at Stripe, whole and finalized once, and ours is that one. */
const expectOneWholeInvoice = async (): Promise<void> => {
  const { data } = await hub.stripe.invoices.list();
  expect(data).toHaveLength(1);
  const [only] = data;
  expect(only).toMatchObject({ status: 'open', total: 3300, auto_advance: true });
  expect(only?.lines.data.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([
    1100, 2200,
  ]);
  expect(hub.rows('select status, provider_ref from invoices')).toEqual([
    { status: 'pending', provider_ref: only?.id },
  ]);
  const finalized = await hub.stripe.events.list({ type: 'invoice.finalized' });
  expect(finalized.data).toHaveLength(1);
  expect(hub.rows("select type from events where type like '%opened'")).toHaveLength(1);
};

const steps: Record<string, Strike> = {
  'the draft is being made': { target: 'POST /v1/invoices', moment: 'before' },
  'the draft was made': { target: 'POST /v1/invoices', moment: 'after' },
  'the lines are being added': { target: 'POST /v1/invoices/*/add_lines', moment: 'before' },
  'the lines were added': { target: 'POST /v1/invoices/*/add_lines', moment: 'after' },
  'it is being finalized': { target: 'POST /v1/invoices/*/finalize', moment: 'before' },
  'it was finalized': { target: 'POST /v1/invoices/*/finalize', moment: 'after' },
};

const patience = { timeout: 30_000 };

describe.each(Object.entries(steps))('kill -9 when %s', (_title, strike) => {
  test('with a key: the retry after the restart gets the one invoice', patience, async () => {
    await hub.start();
    hub.strikeOn(strike);
    await expect(create('k')).rejects.toThrow('fetch failed');

    await hub.start();
    const retried = await create('k');
    expect(retried.status).toBe(200);
    await expectOneWholeInvoice();
  });

  test('without a key: the restarted hub finishes it by itself', patience, async () => {
    await hub.start();
    hub.strikeOn(strike);
    await expect(create()).rejects.toThrow('fetch failed');

    await hub.start();
    await expect.poll(() => statuses(), { timeout: 10_000 }).toEqual([{ status: 'pending' }]);
    await expectOneWholeInvoice();
  });
});

test.each(['before', 'after'] as const)(
  'kill -9 %s a payment was made: it is made once',
  patience,
  async (moment) => {
    await hub.start();
    const { id } = z.looseObject({ id: z.string() }).parse(await (await create('k')).json());
    const found = await hub.call(`/admin/api/invoices/${id}`, {
      method: 'GET',
      headers: { 'api-key': hub.adminKey },
    });
    const { _id } = Seed002Invoice.parse(await found.json());
    const pay = () =>
      hub.call(`/v1/invoices/${_id}/pay`, { method: 'POST', headers: { 'idempotency-key': 'p' } });
    hub.strikeOn({ target: 'POST /v1/invoices/*/pay', moment });
    await expect(pay()).rejects.toThrow('fetch failed');

    await hub.start();
    const paid = await pay();
    expect(paid.status).toBe(200);
    expect(CanonicalInvoice.parse(await paid.json())).toMatchObject({
      status: 'paid',
      received: 3300,
    });
    const { data } = await hub.stripe.charges.list();
    expect(data).toHaveLength(1);
  },
);
