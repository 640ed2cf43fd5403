import { join } from 'node:path';
import { openSqliteStore } from '@quittance/invoice-core/app';
import { fixture } from '@quittance/testing';
import { parseJson } from '@quittance/rpc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { advance } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest } from './hub-under-test.ts';
import { openPerson } from './telegram-person-under-test.ts';
import { openRelay, type Relay } from './telegram-relay-under-test.ts';
import {
  atEmulator,
  botName,
  created,
  openTelegramHub,
  seedOrder,
  seen,
  ways,
  webApp,
} from './telegram-under-test.ts';

const secretHeader = 'x-telegram-bot-api-secret-token';
const patience = { timeout: 10_000, interval: 20 };
const whole = { timeout: 30_000 };

const error = (msg: unknown) => ({ status: 'error', msg });

describe.each(everyLauncher)('what is refused in Telegram, the hub %s', whole, (how) => {
  let hub: HubUnderTest;
  let relay: Relay;
  beforeAll(async () => {
    relay = await openRelay();
    hub = await openTelegramHub(how, { PUBLIC_URL: relay.url });
    relay.leadTo(hub.demo.gatewayUrl);
  });
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await relay[Symbol.asyncDispose]();
  });

  /** How much the hub has stored. */
  const stored = async (): Promise<Record<string, number>> => {
    const store = await openSqliteStore(join(hub.dataDir, 'quittance.db'));
    const count = async (table: 'invoices' | 'observations' | 'checkouts' | 'events') => {
      const query = store.read.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n'));
      return (await query.executeTakeFirstOrThrow()).n;
    };
    const counts = {
      invoices: await count('invoices'),
      observations: await count('observations'),
      checkouts: await count('checkouts'),
      events: await count('events'),
    };
    await store.close();
    return counts;
  };

  test.each(ways)("what is missing is named in the seed's order, by %s", async (way) => {
    const { amount: _amount, pin: _pin, ...rest } = seedOrder(hub);
    const { status, body } = await webApp(hub, 'new-invoice', rest, { way });
    expect([status, body]).toEqual([400, fixture('seeds/001-error.json')]);
  });

  test('bad input is named, and nothing is made', async () => {
    const before = await stored();
    const amounts = ['ten', 0, '0', -1, 10.5, '1e3', ''];
    const changes: [name: string, change: Record<string, string | number>][] = [
      ...amounts.map((amount): [string, { amount: string | number }] => ['amount', { amount }]),
      ['userId', { userId: '@ada' }],
      ['title', { title: 'x'.repeat(33) }],
      ['description', { description: 'x'.repeat(256) }],
      ['payload', { payload: 'é'.repeat(65) }],
    ];
    for (const [name, change] of changes) {
      for (const way of ways) {
        const { status, body } = await webApp(
          hub,
          'new-invoice',
          { ...seedOrder(hub), ...change },
          { way },
        );
        expect([status, body]).toEqual([400, error(expect.stringContaining(name))]);
      }
    }
    expect(await stored()).toEqual(before);
  });

  test('a parameter that is given twice is refused', async () => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(seedOrder(hub))) query.append(name, String(value));
    query.append('amount', '1');
    const { gatewayUrl, telegram } = hub.demo;
    const response = await fetch(
      `${gatewayUrl}/v2/bots/${telegram.botId}/web-app/new-invoice?${query.toString()}`,
    );
    expect([response.status, await response.json()]).toEqual([
      400,
      error(expect.stringContaining('amount')),
    ]);
  });

  test('an unknown bot is 404; an unknown user is as unknown as a wrong PIN', async () => {
    const before = await stored();
    const unknown = await webApp(hub, 'new-invoice', seedOrder(hub), { botId: '19140789' });
    expect([unknown.status, unknown.body]).toEqual([404, error('Invalid bot id. Bot not found.')]);
    const wrong = await webApp(hub, 'new-invoice', { ...seedOrder(hub), pin: 'wrong' });
    const nobody = await webApp(hub, 'new-invoice', { ...seedOrder(hub), userId: 987_654_321 });
    expect(wrong.status).toBe(401);
    expect([nobody.status, nobody.body]).toEqual([wrong.status, wrong.body]);
    expect(await stored()).toEqual(before);
    await created(hub);
  });

  test('five wrong PINs lock out, longer each time, whoever it is', async () => {
    const { userId, pin } = hub.demo.telegram;
    const attempt = async (who: number, tried: string) => {
      const order = { ...seedOrder(hub), userId: who, pin: tried };
      const { status, headers, body } = await webApp(hub, 'new-invoice', order);
      return { status, body, retryAfter: Number(headers.get('retry-after') ?? 0) };
    };
    const life = async (who: number) => {
      const all = [];
      for (let count = 0; count < 7; count += 1) all.push(await attempt(who, `bad${count}`));
      return all.map(({ retryAfter, ...answer }) => ({ ...answer, isToldWhen: retryAfter > 0 }));
    };
    const aQuietDay = 25 * 3_600_000;
    await advance(hub, aQuietDay);
    const known = await life(userId);
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(known.map(({ isToldWhen }) => isToldWhen).lastIndexOf(false)).toBe(4);
    expect(await life(87_654_321)).toEqual(known);

    const locked = await attempt(userId, pin);
    expect(locked.status).toBe(429);
    await advance(hub, locked.retryAfter * 1000);
    expect((await attempt(userId, 'bad8')).status).toBe(401);
    const longer = await attempt(userId, pin);
    expect(longer.status).toBe(429);
    expect(longer.retryAfter).toBeGreaterThan(locked.retryAfter);
    await advance(hub, longer.retryAfter * 1000);
    expect((await attempt(userId, pin)).status).toBe(200);
    expect((await attempt(userId, 'bad9')).status).toBe(401);
    expect((await attempt(userId, pin)).status).toBe(429);
    await advance(hub, aQuietDay);
    expect((await attempt(userId, pin)).status).toBe(200);
    // The right PIN forgives nothing: only a day without a wrong one does.
    await advance(hub, aQuietDay);
  });

  /** What Telegram showed with its last webhook. */
  const telegramHeaders = async (): Promise<Record<string, string>> => {
    const person = await openPerson(hub);
    await person.open(`https://t.me/${botName}`);
    const passed = relay.passed.findLast(({ path }) => path === '/webhooks/telegram');
    return { [secretHeader]: passed?.headers[secretHeader] ?? '' };
  };

  const sendUpdate = async (update: object, headers: Record<string, string>) => {
    const response = await fetch(`${hub.demo.gatewayUrl}/webhooks/telegram`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ update_id: 900_000_001, ...update }),
    });
    return { status: response.status, text: await response.text() };
  };

  const from = { id: 5, is_bot: false, first_name: 'Eve', language_code: 'en' };
  const money = (invoice_payload: string) => ({
    currency: 'XTR',
    total_amount: 150,
    invoice_payload,
  });
  const paid = (ref: string) => ({
    message: {
      message_id: 1,
      date: Math.floor(Date.now() / 1000),
      chat: { id: 5, type: 'private', first_name: 'Eve' },
      from,
      successful_payment: {
        ...money(ref),
        telegram_payment_charge_id: 'stxForged',
        provider_payment_charge_id: '5_1',
      },
    },
  });

  test('without the secret a webhook is 401, whatever it says, and nothing of it is stored', async () => {
    const { invoiceId } = await created(hub);
    const headers = await telegramHeaders();
    const secret = headers[secretHeader] ?? '';
    const before = await stored();
    const wrong = ['', 'x', `${secret}x`, secret.slice(1), secret.toLowerCase()];
    for (const tried of [{}, ...wrong.map((value) => ({ [secretHeader]: value }))]) {
      expect((await sendUpdate(paid(invoiceId), tried)).status).toBe(401);
      const query = { pre_checkout_query: { id: '1', from, ...money(invoiceId) } };
      expect((await sendUpdate(query, tried)).status).toBe(401);
    }
    expect(await stored()).toEqual(before);
    expect(await seen(hub, { invoiceId })).toMatchObject({ status: 'unpaid' });
    expect((await sendUpdate(paid(invoiceId), headers)).status).toBe(200);
    expect(await seen(hub, { invoiceId })).toMatchObject({ status: 'paid', paidBy: '5' });
  });

  test('an update of a kind that we do not know is taken, and nothing follows', async () => {
    const headers = await telegramHeaders();
    const before = await stored();
    for (const update of [{}, { poll_answer: { poll_id: '1', option_ids: [] } }, { new_2027: 1 }]) {
      expect(await sendUpdate(update, headers)).toEqual({ status: 200, text: '' });
    }
    expect(await stored()).toEqual(before);
  });

  test('a payment of what we never made is not let through', async () => {
    const bots = z.array(z.looseObject({ username: z.string(), token: z.string() }));
    const all = bots.parse(await atEmulator(hub, 'GET', '/telegram/bots'));
    const token = all.find(({ username }) => username === botName)?.token;
    const before = await stored();
    for (const payload of ['invoice-AAAAAAAAAAAAAAAA', 'invoice-JJD0EOPJ', 'mine']) {
      const order = { title: 'x', description: 'x', currency: 'XTR' };
      const link = await fetch(`${hub.demo.sandboxUrl}/bot${token}/createInvoiceLink`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...order, payload, prices: [{ label: 'x', amount: 1 }] }),
      });
      const { result } = z.looseObject({ result: z.string() }).parse(await link.json());
      const payer = await openPerson(hub);
      expect(await payer.pay(result)).toMatchObject({
        state: 'refused',
        error: 'There is no such invoice. Please ask the seller for a new link.',
      });
    }
    const query = { id: 'q1', from, ...money('invoice-BBBBBBBBBBBBBBBB') };
    const reply = await sendUpdate({ pre_checkout_query: query }, await telegramHeaders());
    expect([reply.status, parseJson(reply.text)]).toMatchObject([
      200,
      { method: 'answerPreCheckoutQuery', pre_checkout_query_id: 'q1', ok: false },
    ]);
    expect(await stored()).toEqual(before);
  });

  test('a payment of another amount is not let through', async () => {
    const { invoiceId } = await created(hub, { amount: 151 });
    const query = { id: 'q2', from, ...money(invoiceId) };
    const reply = await sendUpdate({ pre_checkout_query: query }, await telegramHeaders());
    expect(parseJson(reply.text)).toMatchObject({
      ok: false,
      error_message: expect.stringContaining('another one'),
    });
    await expect.poll(() => seen(hub, { invoiceId }), patience).toMatchObject({ status: 'unpaid' });
  });
});
