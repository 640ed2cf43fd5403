import { Seed000Created } from '@quittance/contracts/seed-000';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KillableHub, openKillableHub, type Strike } from './killable-hub-under-test.ts';

let hub: KillableHub;

beforeEach(async () => {
  hub = await openKillableHub();
  await hub.start();
});

afterEach(() => hub.close());

interface Row {
  public_id: string;
  provider_ref: string;
  status: string;
  received: number;
  refunded: number;
}

const invoice = (): Row => {
  const [row] = hub.rows<Row>('select * from invoices');
  if (!row) throw new Error('Expected an invoice');
  return row;
};

const events = (): string[] =>
  hub
    .rows<{ type: string; seq: number }>('select type, seq from events order by position')
    .map(({ type, seq }) => `${seq} ${type}`);

const untilStatus = async (status: string): Promise<void> => {
  await expect.poll(() => invoice().status, { timeout: 15_000, interval: 50 }).toBe(status);
};

const open = async (): Promise<void> => {
  Seed000Created.parse(await (await hub.create('k')).json());
};

const pay = async (): Promise<void> => {
  await hub.stripe.paymentIntents.confirm(invoice().provider_ref, {
    payment_method: 'pm_card_visa',
  });
};

const moments: Strike['moment'][] = ['before', 'after'];

describe.each(moments)('kill -9 %s the provider has done it', { timeout: 30_000 }, (moment) => {
  test('a cancel is carried out once, and the key tells what came of it', async () => {
    await open();
    hub.strikeOn({ target: 'POST /v1/payment_intents/*/cancel', moment });
    const cancel = () =>
      hub.call(`/v1/invoices/${invoice().public_id}/cancel`, { method: 'POST', body: {} });
    await expect(cancel()).rejects.toThrow('fetch failed');
    await hub.dead();
    await hub.start();
    await untilStatus('canceled');
    expect(await hub.stripe.paymentIntents.retrieve(invoice().provider_ref)).toMatchObject({
      status: 'canceled',
    });
    expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.canceled']);
  });

  test('a refund is given once', async () => {
    await open();
    await pay();
    await untilStatus('paid');
    hub.strikeOn({ target: 'POST /v1/refunds', moment });
    const refund = () =>
      hub.call(`/v1/invoices/${invoice().public_id}/refunds`, {
        method: 'POST',
        body: { amount: 1000 },
      });
    await expect(refund()).rejects.toThrow('fetch failed');
    await hub.dead();
    await hub.start();
    await untilStatus('partially_refunded');
    expect(invoice().refunded).toBe(1000);
    const { data } = await hub.stripe.refunds.list();
    expect(data.map(({ amount }) => amount)).toEqual([1000]);
    expect(events().filter((event) => event.includes('refunded'))).toHaveLength(1);
  });

  test('an invoice expires once, and is closed at the provider', async () => {
    const expiresAt = new Date(Date.now() + 2000).toISOString();
    const body = { provider: 'stripe', amount: 2050, currency: 'USD', expiresAt };
    const created = await hub.call('/v1/invoices', { method: 'POST', body });
    expect(created.status).toBe(201);
    hub.strikeOn({ target: 'POST /v1/payment_intents/*/cancel', moment });
    await hub.dead();
    await hub.start();
    await untilStatus('expired');
    await expect
      .poll(async () => (await hub.stripe.paymentIntents.retrieve(invoice().provider_ref)).status, {
        timeout: 15_000,
      })
      .toBe('canceled');
    expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.expired']);
  });

  test('a poll that finds a payment books it once', async () => {
    await open();
    for (const { id } of (await hub.stripe.webhookEndpoints.list()).data) {
      await hub.stripe.webhookEndpoints.del(id);
    }
    await pay();
    hub.kill();
    await hub.dead();
    hub.alter("update jobs set run_at = 0 where kind = 'poll'");
    hub.strikeOn({ target: 'GET /v1/payment_intents/*', moment });
    await hub.start().catch(() => undefined);
    await hub.dead();
    hub.alter("update jobs set run_at = 0, leased_until = 0 where kind = 'poll'");
    await hub.start();
    await untilStatus('paid');
    expect(invoice().received).toBe(2050);
    expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.paid']);
  });
});
