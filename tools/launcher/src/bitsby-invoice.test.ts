import { CanonicalEndpointWithSecret, CanonicalInvoice } from '@quittance/contracts/canonical';
import { Seed003Created, Seed003Listed } from '@quittance/contracts/seed-003';
import { parseJson } from '@quittance/rpc';
import { fixture, shapeOf } from '@quittance/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  atBitsby,
  created,
  form,
  invoiceOf,
  openShop,
  orderOf,
  uidOf,
} from './bitsby-under-test.ts';
import { advance, minutes } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest, openHub } from './hub-under-test.ts';
import { askOf, openEndpoint } from './webhooks-under-test.ts';

const hours = 60 * minutes;
const nextTurn = 6 * minutes;
const patience = { timeout: 4000, interval: 20 };

const Invoices = z.object({ invoices: z.array(z.unknown()) });
const Rates = z.record(z.string(), z.unknown());
const EndpointPaid = z.object({
  wallet: z.object({ blockchain: z.string(), address: z.string() }),
  project: z.object({ id: z.string(), name: z.string() }),
  invoice: z.object({
    id: z.string(),
    serviceData: z.string().nullable(),
    amountFiat: z.string(),
    calcAmountFiat: z.string(),
    status: z.literal('paid'),
  }),
  payment: z.object({ id: z.string(), amount: z.string(), hash: z.string() }),
});

describe.each(everyLauncher)('an invoice of Bitsby, the hub %s', (how) => {
  let hub: HubUnderTest;
  beforeAll(async () => {
    hub = await openHub(how, { BITSBY_PACE_MS: '20' });
    await atBitsby(hub, 'PUT', '/settings', { rateLimit: false });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const standing = async (ref: string) => {
    const { status, exception, received } = await invoiceOf(hub, ref);
    return { status, exception, received };
  };
  const pay = (uid: string, how_: object): Promise<unknown> =>
    atBitsby(hub, 'POST', `/invoices/${uid}/pay`, how_);

  test("the seed's own form gets the seed's answer, and the wallets", async () => {
    const { status, body } = await form(hub, '/invoices/create', orderOf(hub));
    expect(status).toBe(200);
    const { wallets, ...data } = Seed003Created.parse(body).data;
    expect(shapeOf({ result: 'success', data })).toEqual(
      shapeOf(fixture('seeds/003-response.json')),
    );
    expect(Object.keys(data)).toEqual(
      Object.keys(
        z.object({ data: z.looseObject({}) }).parse(fixture('seeds/003-response.json')).data,
      ),
    );
    expect(wallets?.length).toBeGreaterThan(0);
    const { createDatetime, timeToPayDatetime } = data;
    const lasts = Date.parse(`${timeToPayDatetime}Z`) - Date.parse(`${createDatetime}Z`);
    expect(lasts).toBe(6 * hours);
  });

  test('paid on its page it is paid, and the shop gets its serviceData byte for byte', async () => {
    await using shop = await openShop();
    const ask = askOf(hub);
    const { projectId } = hub.demo;
    const terms = { url: shop.url, projectId, format: 'bitsby' };
    const endpoint = CanonicalEndpointWithSecret.parse(
      (await ask('POST', '/v1/webhook-endpoints', terms)).body,
    );
    shop.verifyWith(endpoint.secret);
    await using standard = await openEndpoint(ask, { projectId });

    const serviceData = '{"userId":100, "note":"€ \\u20ac “” \\n\\t", "0":0}\n ';
    const { id, uid, url } = await created(hub, { serviceData });
    const page = await fetch(url);
    expect(await page.text()).toContain('12 months license for BITSBY');
    await pay(uid, { amount: 'exact' });

    await expect.poll(() => shop.bodies, patience).toHaveLength(1);
    const told = EndpointPaid.parse(parseJson(shop.bodies[0] ?? ''));
    expect(told).toMatchObject({
      project: { id: projectId, name: 'Demo shop' },
      invoice: { id, serviceData, amountFiat: '10.55' },
    });
    expect(shop.problems).toEqual([]);

    const { event } = await standard.receiver.told('invoice.paid');
    expect(event).toMatchObject({ data: { invoice: { providerRef: id, payload: serviceData } } });
    expect(standard.receiver.problems).toEqual([]);

    const invoice = await invoiceOf(hub, id);
    const [payment] = invoice.payments;
    expect(payment).toMatchObject({
      providerRef: told.payment.id,
      amount: Math.round(Number(told.invoice.calcAmountFiat) * 100),
      currency: 'EUR',
      late: false,
      crypto: {
        amount: told.payment.amount,
        hash: told.payment.hash,
        blockchain: told.wallet.blockchain,
        wallet: { address: told.wallet.address },
      },
    });
    await ask('DELETE', `/v1/webhook-endpoints/${endpoint.id}`);
  });

  test('too much is over, too little that the seller binds is partial, by the tolerance of the account', async () => {
    const over = await created(hub);
    await pay(over.uid, { amount: 'over', bind: true });
    await expect
      .poll(() => standing(over.id), patience)
      .toMatchObject({ status: 'paid', exception: 'over' });
    const short = await created(hub);
    await pay(short.uid, { amount: 'short', bind: true });
    await expect
      .poll(() => standing(short.id), patience)
      .toMatchObject({ status: 'paid', exception: 'partial' });

    const ask = askOf(hub);
    const tolerant = {
      tolerance: { kind: 'percent', basisPoints: 1500 },
      topUp: true,
      late: 'accept',
    };
    const before = await ask('GET', '/v1/policy');
    expect(await ask('PUT', '/v1/policy', tolerant)).toMatchObject({ status: 200, body: tolerant });
    const tolerated = await created(hub);
    await pay(tolerated.uid, { amount: 'short', bind: true });
    await expect
      .poll(() => standing(tolerated.id), patience)
      .toMatchObject({ status: 'paid', exception: 'none' });
    await ask('PUT', '/v1/policy', z.looseObject({}).parse(before.body));
  });

  test('what is received is worth what the rate of its moment makes it', async () => {
    const { id, uid } = await created(hub, { currencyFiat: 'USD' });
    const before = Rates.parse(await atBitsby(hub, 'GET', '/rates'));
    await atBitsby(hub, 'PUT', '/rates', { crypto: { usdt: '1.1' } });
    await pay(uid, { wallet: 'usdt-tron', amount: 'exact' });
    await expect
      .poll(() => standing(id), patience)
      .toMatchObject({ status: 'paid', exception: 'over' });
    await atBitsby(hub, 'PUT', '/rates', before);
  });

  test('expires at its time; money that comes after is late, and not lost', async () => {
    const { id, uid } = await created(hub, { timeToPay: '0.5' });
    await advance(hub, 31 * minutes);
    await expect.poll(() => standing(id), patience).toMatchObject({ status: 'expired' });
    const listed = await form(hub, '/invoices/list', { invoiceUid: uid });
    expect(Seed003Listed.parse(listed.body).data).toMatchObject([{ id, uid, status: 'expired' }]);
    await pay(uid, { amount: 'exact', bind: true });
    // It may have been looked at for its end just now, and is not for a webhook's sake within half a minute.
    await advance(hub, minutes);
    await expect
      .poll(() => standing(id), patience)
      .toMatchObject({ status: 'paid', exception: 'late' });
  });

  test('a webhook that never comes is made up for by asking', async () => {
    const { id, uid } = await created(hub);
    await fetch(`${hub.demo.sandboxUrl}/_sandbox/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ script: [{ fault: 'webhook_drop', match: '*', times: 1 }] }),
    });
    await pay(uid, { amount: 'exact' });
    await advance(hub, nextTurn);
    await expect.poll(() => standing(id), patience).toMatchObject({ status: 'paid' });
    await fetch(`${hub.demo.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
  });

  test('is canceled until somebody has opened its page', async () => {
    const unseen = await created(hub);
    const cancel = (invoiceId: string) => form(hub, '/invoices/cancel', { invoiceId });
    expect(await cancel(unseen.id)).toMatchObject({
      status: 200,
      body: { result: 'success', data: 'Invoice canceled' },
    });
    expect(await standing(unseen.id)).toMatchObject({ status: 'canceled' });
    const seen = await created(hub);
    await (await fetch(seen.url)).text();
    expect(await cancel(seen.id)).toMatchObject({ body: { result: 'error' } });
    expect(await standing(seen.id)).toMatchObject({ status: 'pending' });
  });

  test('the canonical API makes the same', async () => {
    const ask = askOf(hub);
    const { projectId } = hub.demo;
    const order = { provider: 'bitsby', amount: 2500, currency: 'RUB', projectId, timeToPay: 0.5 };
    const { status, body } = await ask('POST', '/v1/invoices', { ...order, payload: '0' });
    expect(status).toBe(201);
    const invoice = CanonicalInvoice.parse(body);
    expect(invoice).toMatchObject({
      flow: 'bitsby.invoice',
      status: 'pending',
      projectId,
      payload: '0',
    });
    await pay(uidOf(invoice), { wallet: 'btc', amount: 'exact' });
    await expect
      .poll(() => standing(invoice.providerRef ?? ''), patience)
      .toMatchObject({ status: 'paid' });
  });

  test.each([
    ['timeToPay', { timeToPay: '2' }],
    ['currencyFiat', { currencyFiat: 'GBP' }],
    ['amountFiat', { amountFiat: '0' }],
    ['amountFiat', { amountFiat: '-1' }],
    ['amountFiat', { amountFiat: '1e3' }],
    ['amountFiat', { amountFiat: '10.555' }],
    ['projectId', { projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d' }],
  ])('a wrong %s is named, and nothing reaches Bitsby', async (field, change) => {
    const made = async () =>
      Invoices.parse(await atBitsby(hub, 'GET', '/invoices')).invoices.length;
    const before = await made();
    const { status, body } = await form(hub, '/invoices/create', { ...orderOf(hub), ...change });
    expect([400, 404]).toContain(status);
    expect(body).toEqual({ result: 'error', data: expect.stringContaining(field) });
    expect(await made()).toBe(before);
  });
});
