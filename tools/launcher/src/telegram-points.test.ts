import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { advance, minutes } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest } from './hub-under-test.ts';
import { openRelay, type Relay } from './telegram-relay-under-test.ts';
import { atEmulator, created, invoiceOf, openTelegramHub, seen } from './telegram-under-test.ts';
import { type Ask, askOf, openEndpoint } from './webhooks-under-test.ts';

const patience = { timeout: 10_000, interval: 20 };
const whole = { timeout: 30_000 };
const WebhookBody = z.looseObject({});
const User = z.looseObject({ balance: z.int() });

describe.each(everyLauncher)('an invoice in BB Points, the hub %s', whole, (how) => {
  const payer = 519_829_299;
  let hub: HubUnderTest;
  let relay: Relay;
  let ask: Ask;
  beforeAll(async () => {
    relay = await openRelay();
    hub = await openTelegramHub(how, {
      PUBLIC_URL: relay.url,
      TELEGRAM_SEED_FLOW: 'telegram.bots_business',
    });
    relay.leadTo(hub.demo.gatewayUrl);
    ask = askOf(hub);
    const facts = { name: 'Ada', pin: '4321', balance: 10_000, webhook: null };
    await atEmulator(hub, 'PUT', `/bots-business/users/${payer}`, facts);
  });
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await relay[Symbol.asyncDispose]();
  });

  const balance = async (userId: number): Promise<number> =>
    User.parse(await atEmulator(hub, 'GET', `/bots-business/users/${userId}`)).balance;
  const pay = (ref: string, by: 'chat' | 'qr') =>
    atEmulator(hub, 'POST', `/bots-business/invoices/${ref}/pay`, { userId: payer, by });
  const untilPaid = async (ref: string): Promise<void> => {
    await expect
      .poll(() => invoiceOf(hub, ref), patience)
      .toMatchObject({ status: 'paid', exception: 'none', received: 150, currency: 'BBP' });
    expect((await invoiceOf(hub, ref)).payments).toMatchObject([
      { amount: 150, payer: String(payer) },
    ]);
    expect(await seen(hub, { invoiceId: ref })).toMatchObject({
      status: 'paid',
      paidBy: String(payer),
    });
  };
  const webhooksTo = (from: number) =>
    relay.passed.slice(from).filter(({ path }) => path.startsWith('/webhooks/telegram/'));
  const faults = async (method: 'PUT' | 'DELETE', body?: object): Promise<void> => {
    await fetch(`${hub.demo.sandboxUrl}/_sandbox/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  };

  test("the seed's request makes it at the BBP bot", async () => {
    const invoice = await created(hub);
    expect(invoice).toMatchObject({
      invoiceId: expect.stringMatching(/^invoice-[A-Z0-9]{8}$/),
      payLink: `https://t.me/bbp_app_bot?start=${invoice.invoiceId}`,
      amount: '150',
      userId: String(hub.demo.telegram.userId),
      status: 'unpaid',
      paidBy: null,
    });
    expect(await invoiceOf(hub, invoice.invoiceId)).toMatchObject({
      flow: 'telegram.bots_business',
      currency: 'BBP',
      amount: 150,
      payload: 'user123-payment',
    });
  });

  test('paid in its chat, which the webhook names, it is paid, and the shop is told', async () => {
    await using endpoint = await openEndpoint(ask);
    const { invoiceId } = await created(hub);
    const before = { told: relay.passed.length, ours: await balance(hub.demo.telegram.userId) };
    await pay(invoiceId, 'chat');
    await untilPaid(invoiceId);
    expect(webhooksTo(before.told)).toMatchObject([
      { status: 200, body: expect.stringContaining(invoiceId) },
    ]);
    expect(await balance(hub.demo.telegram.userId)).toBe(before.ours + 150);
    const { event } = await endpoint.receiver.told('invoice.paid');
    expect(event).toMatchObject({
      data: { invoice: { providerRef: invoiceId, payload: 'user123-payment' } },
    });
  });

  test('paid by QR code, of which the webhook names no invoice, it is found among the open ones', async () => {
    const [other, { invoiceId }] = [await created(hub), await created(hub)];
    const before = relay.passed.length;
    await pay(invoiceId, 'qr');
    await untilPaid(invoiceId);
    const [webhook, ...others] = webhooksTo(before);
    expect([webhook?.status, others]).toEqual([200, []]);
    expect(webhook?.body).not.toContain('invoice-');
    expect(await invoiceOf(hub, other.invoiceId)).toMatchObject({ status: 'pending', received: 0 });
  });

  test.each(['chat', 'qr'] as const)(
    'paid by %s with no webhook, it is asked about',
    async (by) => {
      const { invoiceId } = await created(hub);
      const before = relay.passed.length;
      await faults('PUT', { script: [{ fault: 'webhook_drop', match: '*', times: 1 }] });
      await pay(invoiceId, by);
      await faults('DELETE');
      await advance(hub, minutes);
      await untilPaid(invoiceId);
      expect(webhooksTo(before)).toEqual([]);
    },
  );

  test('who says that it was paid is not believed, and without the URL not listened to', async () => {
    const { invoiceId } = await created(hub);
    const [known] = relay.passed.filter(({ path }) => path.startsWith('/webhooks/telegram/'));
    const send = async (path: string): Promise<number> => {
      const body = JSON.stringify({
        ...WebhookBody.parse(JSON.parse(known?.body ?? '')),
        invoiceId,
      });
      const headers = { 'content-type': 'application/json' };
      const url = `${hub.demo.gatewayUrl}${path}`;
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    expect(await send(known?.path ?? '')).toBe(200);
    expect(await send('/webhooks/telegram/not-the-token')).toBe(401);
    expect(await send('/webhooks/telegram')).toBe(401);
    const status = () => seen(hub, { invoiceId });
    expect(await status()).toMatchObject({ status: 'unpaid', paidBy: 'Not yet paid' });
  });

  test('the canonical API makes the same; what is canceled or not to be given back is said', async () => {
    const order = {
      provider: 'telegram',
      flow: 'telegram.bots_business',
      amount: 150,
      currency: 'BBP',
      title: 'Tea',
    };
    const create = async () =>
      CanonicalInvoice.parse((await ask('POST', '/v1/invoices', order)).body);
    const canceled = await create();
    expect((await ask('POST', `/v1/invoices/${canceled.id}/cancel`, {})).body).toMatchObject({
      status: 'canceled',
    });
    const paid = await create();
    await pay(paid.providerRef ?? '', 'chat');
    await untilPaid(paid.providerRef ?? '');
    expect((await ask('POST', `/v1/invoices/${paid.id}/refunds`, {})).status).toBe(409);

    await pay(canceled.providerRef ?? '', 'chat');
    await expect
      .poll(() => invoiceOf(hub, canceled.providerRef ?? ''), patience)
      .toMatchObject({ status: 'paid', exception: 'late', received: 150 });
  });
});
