import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { everyLauncher, type HubUnderTest, openHub } from './hub-under-test.ts';
import { openPerson, personOf } from './telegram-person-under-test.ts';
import {
  atEmulator,
  botName,
  created,
  invoiceOf,
  seedOrder,
  seen,
  webApp,
} from './telegram-under-test.ts';
import { type Ask, askOf } from './webhooks-under-test.ts';

const providerToken = '284685063:TEST:YmFuaw';
const patience = { timeout: 10_000, interval: 20 };
const whole = { timeout: 30_000 };

const AtBot = z.looseObject({ payLink: z.string() });
const Bots = z.array(z.looseObject({ username: z.string(), webhook_url: z.null() }));

describe.each(everyLauncher)('with polling and a provider token, the hub %s', whole, (how) => {
  let hub: HubUnderTest;
  let ask: Ask;
  beforeAll(async () => {
    hub = await openHub(how, {
      TELEGRAM_MODE: 'polling',
      TELEGRAM_PROVIDER_TOKEN: providerToken,
      TELEGRAM_SUPPORT: '@shop_support',
    });
    ask = askOf(hub);
    await atEmulator(hub, 'PUT', '/telegram/settings', { provider_tokens: [providerToken] });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  test('without any webhook, Stars are paid in the chat', async () => {
    const { invoiceId, payLink } = await created(hub);
    const payer = await openPerson(hub);
    expect((await payer.payInChat(payLink ?? '')).state).toBe('paid');
    await expect
      .poll(() => seen(hub, { invoiceId }), patience)
      .toMatchObject({ status: 'paid', paidBy: String(payer.id) });
    const again = await payer.open(payLink ?? '');
    expect(again[0]?.text).toContain('This invoice has already been paid.');
    const bots = Bots.parse(await atEmulator(hub, 'GET', '/telegram/bots'));
    expect(bots.map(({ username }) => username)).toEqual([botName]);
  });

  test('other money is paid by card, and not given back here', async () => {
    const order = { provider: 'telegram', amount: 2050, currency: 'USD', title: 'Tea' };
    const answer = await ask('POST', '/v1/invoices', order);
    expect(answer.status).toBe(201);
    const { id, providerRef, providerData } = CanonicalInvoice.parse(answer.body);
    const payer = await openPerson(hub, { stars: 0 });
    const paid = await payer.payInChat(AtBot.parse(providerData).payLink);
    expect(paid).toMatchObject({ state: 'paid', currency: 'USD', total_amount: 2050 });
    await expect
      .poll(() => invoiceOf(hub, providerRef ?? ''), patience)
      .toMatchObject({ status: 'paid', received: 2050, payments: [{ payer: String(payer.id) }] });
    expect(await ask('POST', `/v1/invoices/${id}/refunds`, {})).toMatchObject({ status: 402 });
    expect(await invoiceOf(hub, providerRef ?? '')).toMatchObject({ status: 'paid', refunded: 0 });
  });

  test.each([
    ['less than Telegram takes', 1],
    ['more than Telegram takes', 100_000_000],
  ])('%s is refused, and nothing is made', async (_title, amount) => {
    const order = { provider: 'telegram', amount, currency: 'USD', title: 'Tea' };
    expect(await ask('POST', '/v1/invoices', order)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'amount' },
    });
  });

  test('the PIN that the seller sets in the chat is the one that counts', async () => {
    const { userId, pin } = hub.demo.telegram;
    const seller = personOf(hub, userId);
    await seller.open(`https://t.me/${botName}`);
    await seller.say('/setpin 1a2b3c');
    const last = async () => (await seller.told()).at(-1)?.text;
    await expect.poll(last, patience).toContain('Your PIN is set');
    const withPin = async (tried: string) =>
      (await webApp(hub, 'new-invoice', { ...seedOrder(hub), pin: tried })).status;
    expect([await withPin('1a2b3c'), await withPin(pin)]).toEqual([200, 401]);

    await seller.say('/invoices');
    await expect.poll(last, patience).toMatch(/^Your newest invoices:\n.*Premium Plan/s);
    await seller.say('/paysupport');
    await expect.poll(last, patience).toContain('@shop_support');
    await seller.say(`/setpin ${pin}`);
    await expect.poll(() => withPin(pin), patience).toBe(200);
  });
});
