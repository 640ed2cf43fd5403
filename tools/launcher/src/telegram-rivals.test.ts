import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { everyLauncher, type HubUnderTest } from './hub-under-test.ts';
import { type ChatMessage, openPerson, type Person } from './telegram-person-under-test.ts';
import {
  atEmulator,
  botName,
  invoiceOf,
  openTelegramHub,
  RefusedThere,
  telegramPayments,
} from './telegram-under-test.ts';
import { type Ask, askOf } from './webhooks-under-test.ts';

const rounds = 20;
const price = 77;
const patience = { timeout: 10_000, interval: 20 };
const whole = { timeout: 30_000 };

const AtBot = z.looseObject({ payLink: z.string(), link: z.string() });
const BotBalance = z.object({ result: z.looseObject({ amount: z.int() }) });

describe.each(everyLauncher)('two payers of one invoice, the hub %s', whole, (how) => {
  let hub: HubUnderTest;
  let ask: Ask;
  let payers: readonly [Person, Person];
  beforeAll(async () => {
    hub = await openTelegramHub(how);
    ask = askOf(hub);
    payers = [await openPerson(hub), await openPerson(hub)];
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const create = async () => {
    const order = { provider: 'telegram', amount: price, currency: 'XTR', title: 'Tea' };
    const { body } = await ask('POST', '/v1/invoices', { ...order, link: true });
    const invoice = CanonicalInvoice.parse(body);
    return { ref: invoice.providerRef ?? '', ...AtBot.parse(invoice.providerData) };
  };

  /** What the bot shows to each of them. */
  const inTheirChats = ({ payLink }: { payLink: string }): Promise<ChatMessage[]> =>
    Promise.all(
      payers.map(async (payer) => {
        const invoice = (await payer.open(payLink, 2)).find((message) => message.invoice);
        if (!invoice) throw new Error('The bot shows no invoice');
        return invoice;
      }),
    );

  /** The Stars that the bot has, by its own word. */
  const botStars = async (): Promise<number> => {
    const bots = z.array(z.looseObject({ username: z.string(), token: z.string() }));
    const all = bots.parse(await atEmulator(hub, 'GET', '/telegram/bots'));
    const token = all.find(({ username }) => username === botName)?.token ?? '';
    const answer = await fetch(`${hub.demo.sandboxUrl}/bot${token}/getMyStarBalance`);
    return BotBalance.parse(await answer.json()).result.amount;
  };

  test(`in ${rounds} rounds of pressing Pay at once, one is charged each time`, async () => {
    const before = {
      bot: await botStars(),
      people: await Promise.all(payers.map((p) => p.stars())),
    };
    const refs: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const invoice = await create();
      refs.push(invoice.ref);
      const shown = round % 2 === 0 ? [invoice.link, invoice.link] : await inTheirChats(invoice);
      const pressed = await Promise.all(payers.map((p, index) => p.pay(shown[index] ?? '')));
      expect(pressed.map(({ state }) => state).toSorted()).toEqual(['paid', 'refused']);
      const refused = pressed.find(({ state }) => state === 'refused');
      expect(refused?.error).toMatch(/already been paid|paying this invoice right now/);
    }

    for (const ref of refs) {
      const ours = () => invoiceOf(hub, ref);
      await expect.poll(ours, patience).toMatchObject({ status: 'paid', received: price });
      const charged = (await telegramPayments(hub)).filter(
        ({ invoice_payload, state }) => invoice_payload === ref && state === 'paid',
      );
      const { payments, exception } = await ours();
      expect(exception).toBe('none');
      expect(payments.map(({ providerRef, payer }) => [providerRef, payer])).toEqual(
        charged.map((paid) => [paid.telegram_payment_charge_id, String(paid.user_id)]),
      );
      expect(payments).toHaveLength(1);
    }
    expect((await botStars()) - before.bot).toBe(rounds * price);
    const after = await Promise.all(payers.map((payer) => payer.stars()));
    const spent = before.people.map((stars, index) => stars - (after[index] ?? 0));
    expect(spent.reduce((sum, stars) => sum + stars, 0)).toBe(rounds * price);
  });

  test('a copy of the bot’s invoice in somebody else’s chat cannot be paid', async () => {
    const [owner, friend] = payers;
    const { payLink, ref } = await create();
    const [, shown] = await owner.open(payLink, 2);
    if (!shown) throw new Error('The bot shows no invoice');
    await expect(friend.pay(shown)).rejects.toThrow(RefusedThere);
    expect(await invoiceOf(hub, ref)).toMatchObject({ status: 'pending' });
  });

  test('one person who presses Pay twice is charged once', async () => {
    const { ref, link } = await create();
    const [payer] = payers;
    const pressed = await Promise.all([payer.pay(link), payer.pay(link)]);
    expect(pressed.map(({ state }) => state).toSorted()).toEqual(['paid', 'refused']);
    await expect
      .poll(() => invoiceOf(hub, ref), patience)
      .toMatchObject({ status: 'paid', received: price });
  });
});
