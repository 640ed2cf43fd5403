import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { Seed001Created } from '@quittance/contracts/seed-001';
import { parseJson } from '@quittance/rpc';
import { fixture, shapeOf } from '@quittance/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { advance, minutes } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest } from './hub-under-test.ts';
import { openPerson } from './telegram-person-under-test.ts';
import {
  botName,
  created,
  invoiceOf,
  openTelegramHub,
  seedOrder,
  seen,
  settleHeld,
  telegramPayments,
  ways,
  webApp,
} from './telegram-under-test.ts';
import { type Ask, askOf, openEndpoint } from './webhooks-under-test.ts';

const patience = { timeout: 10_000, interval: 20 };
const whole = { timeout: 30_000 };

const Order = z.looseObject({});
const Answer = z.looseObject({ invoice: z.looseObject({}) });
const keysOf = (body: unknown): string[] => Object.keys(Answer.parse(body).invoice);

describe.each(everyLauncher)('an invoice in a chat, the hub %s', whole, (how) => {
  let hub: HubUnderTest;
  let ask: Ask;
  beforeAll(async () => {
    hub = await openTelegramHub(how);
    ask = askOf(hub);
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const standing = async (ref: string) => {
    const { status, exception, received, refunded } = await invoiceOf(hub, ref);
    return { status, exception, received, refunded };
  };
  const untilPaid = async (ref: string): Promise<void> => {
    await expect.poll(() => standing(ref), patience).toMatchObject({ status: 'paid' });
  };

  const createCanonical = async (more: object = {}) => {
    const order = { provider: 'telegram', amount: 77, currency: 'XTR', title: 'Tea' };
    const answer = await ask('POST', '/v1/invoices', { ...order, ...more });
    expect(answer.status).toBe(201);
    const invoice = CanonicalInvoice.parse(answer.body);
    const AtBot = z.looseObject({ payLink: z.string(), link: z.string().optional() });
    return { ...invoice, ref: invoice.providerRef ?? '', ...AtBot.parse(invoice.providerData) };
  };

  test.each(ways)(
    "the seed's own request by %s gets the seed's answer, key by key",
    async (way) => {
      const order = seedOrder(hub);
      const { userId, pin } = hub.demo.telegram;
      expect(order).toEqual({ ...Order.parse(fixture('seeds/001-request.json')), userId, pin });
      const { status, headers, body } = await webApp(hub, 'new-invoice', order, { way });
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      const example = fixture('seeds/001-response.json');
      expect(shapeOf(body)).toEqual(shapeOf(example));
      expect(keysOf(body)).toEqual(keysOf(example));
      const { invoice } = Seed001Created.parse(body);
      expect(invoice).toEqual({
        qrCode: expect.any(String),
        invoiceId: expect.stringMatching(/^invoice-[A-Z0-9]{16}$/),
        title: 'Premium Plan',
        amount: '150',
        userId: String(hub.demo.telegram.userId),
        payLink: `https://t.me/${botName}?start=${invoice.invoiceId}`,
        description: 'Payment for premium subscription',
        status: 'unpaid',
        paidBy: null,
      });
    },
  );

  test('its qrCode is a picture of the invoice, as PNG and as SVG', async () => {
    const { invoiceId, qrCode } = await created(hub);
    const text = new URL(qrCode).searchParams.get('text') ?? '';
    expect(parseJson(text)).toEqual({ invoiceId, title: 'Premium Plan', amount: '150' });
    expect(qrCode.startsWith(`${hub.demo.gatewayUrl}/v2/qr?`)).toBe(true);
    const png = await fetch(qrCode);
    expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const svg = await fetch(`${qrCode}&format=svg`);
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(await svg.text()).toMatch(/^<svg /);
  });

  test('paid in the chat it is paid, says by whom, and the shop is told with its payload', async () => {
    await using endpoint = await openEndpoint(ask);
    const { invoiceId, payLink } = await created(hub);
    expect(await seen(hub, { invoiceId })).toMatchObject({
      status: 'unpaid',
      paidBy: 'Not yet paid',
    });
    const payer = await openPerson(hub, { stars: 1000 });
    const [summary, shown] = await payer.open(payLink ?? '', 2);
    expect(summary?.text).toContain('Premium Plan\nPayment for premium subscription');
    expect(summary?.text).toContain('150');
    if (!shown) throw new Error('The bot shows no invoice');
    expect(shown.invoice).toMatchObject({ title: 'Premium Plan', total_amount: 150 });
    expect((await payer.pay(shown)).state).toBe('paid');
    expect(await payer.stars()).toBe(850);

    await untilPaid(invoiceId);
    const [payment] = (await invoiceOf(hub, invoiceId)).payments;
    expect(payment).toMatchObject({ amount: 150, currency: 'XTR', payer: String(payer.id) });
    const { qrCode, ...status } = await seen(hub, { invoiceId });
    expect(qrCode).toContain(invoiceId);
    expect(status).toEqual({
      invoiceId,
      title: 'Premium Plan',
      amount: '150',
      description: 'Payment for premium subscription',
      status: 'paid',
      paidBy: String(payer.id),
      payLink,
      userId: String(hub.demo.telegram.userId),
    });

    const { event } = await endpoint.receiver.told('invoice.paid');
    expect(event).toMatchObject({
      data: {
        invoice: {
          providerRef: invoiceId,
          payload: 'user123-payment',
          payments: [{ payer: String(payer.id) }],
        },
      },
    });
    expect(endpoint.receiver.problems).toEqual([]);
    await expect
      .poll(async () => (await payer.told()).at(-1)?.text, patience)
      .toMatch(/^Thank you/);
  });

  test("the canonical API's is the same, and paid by Telegram's own link without the chat", async () => {
    const { ref, flow, link } = await createCanonical({ link: true, payload: 'mine' });
    expect([flow, link]).toEqual([
      'telegram.bot_api',
      expect.stringMatching(/^https:\/\/t\.me\/\$/),
    ]);
    const payer = await openPerson(hub);
    expect((await payer.pay(link ?? '')).state).toBe('paid');
    await untilPaid(ref);
    expect(await invoiceOf(hub, ref)).toMatchObject({
      payload: 'mine',
      payments: [{ payer: String(payer.id) }],
    });
  });

  test('other money than Stars needs a provider token', async () => {
    const order = { provider: 'telegram', amount: 500, currency: 'USD', title: 'Tea' };
    expect(await ask('POST', '/v1/invoices', order)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'currency' },
    });
  });

  test('Stars are given back whole, and only whole', async () => {
    const { id, ref, payLink } = await createCanonical();
    const payer = await openPerson(hub, { stars: 100 });
    await payer.payInChat(payLink);
    await untilPaid(ref);
    const path = `/v1/invoices/${id}/refunds`;
    expect(await ask('POST', path, { amount: 7 })).toMatchObject({
      status: 400,
      body: { param: 'amount' },
    });
    expect(await payer.stars()).toBe(23);
    expect((await ask('POST', path, {})).status).toBe(201);
    await expect
      .poll(() => standing(ref), patience)
      .toMatchObject({ status: 'refunded', received: 77, refunded: 77 });
    expect(await payer.stars()).toBe(100);
    const [payment] = (await telegramPayments(hub)).filter((one) => one.invoice_payload === ref);
    expect(payment?.refunded_at).toEqual(expect.any(Number));
  });

  test.each([
    ['en', 'This invoice has expired. Please ask the seller for a new one.'],
    ['ru', 'Срок оплаты счёта истёк. Попросите у продавца новый.'],
  ])('whoever pays what has expired is told so, in %s', async (language, words) => {
    const { ref, payLink } = await createCanonical({ expiresIn: 600 });
    const payer = await openPerson(hub, { language });
    const [, shown] = await payer.open(payLink, 2);
    if (!shown) throw new Error('The bot shows no invoice');
    await advance(hub, 11 * minutes);
    expect(await payer.pay(shown)).toMatchObject({ state: 'refused', error: words });
    await expect
      .poll(() => standing(ref), patience)
      .toMatchObject({ status: 'expired', received: 0 });
    const [summary] = await payer.open(payLink);
    expect(summary?.text).toContain(words);
  });

  test('whoever pays what was canceled is told so', async () => {
    const { id, ref, payLink } = await createCanonical();
    const payer = await openPerson(hub);
    const [, shown] = await payer.open(payLink, 2);
    if (!shown) throw new Error('The bot shows no invoice');
    expect((await ask('POST', `/v1/invoices/${id}/cancel`, {})).status).toBe(200);
    expect(await payer.pay(shown)).toMatchObject({
      state: 'refused',
      error: 'The seller has canceled this invoice.',
    });
    expect(await standing(ref)).toMatchObject({ status: 'canceled', received: 0 });
    expect(await payer.stars()).toBe(100_000);
  });

  test('money that was let through and comes after the end is late, and not lost', async () => {
    const { ref, payLink } = await createCanonical({ expiresIn: 600 });
    const payer = await openPerson(hub);
    const held = await payer.payInChat(payLink, { hold: true });
    expect(held.state).toBe('held');
    await advance(hub, 11 * minutes);
    await expect.poll(() => standing(ref), patience).toMatchObject({ status: 'expired' });
    expect((await settleHeld(hub, held)).state).toBe('paid');
    await expect
      .poll(() => standing(ref), patience)
      .toMatchObject({ status: 'paid', exception: 'late', received: 77 });
    const { payments } = await invoiceOf(hub, ref);
    expect(payments).toMatchObject([{ late: true, payer: String(payer.id) }]);
    expect(await seen(hub, { invoiceId: ref })).toMatchObject({ paidBy: String(payer.id) });
  });
});
