import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import type { Strike } from './killable-hub-under-test.ts';
import {
  type KillableTelegram,
  openKillableTelegram,
  readInvoice,
} from './killable-telegram-under-test.ts';
import { randomFrom } from './random-under-test.ts';
import { type RunningServices, startServices } from './services.ts';
import { openPerson, type Person } from './telegram-person-under-test.ts';
import type { WebhookMoment } from './telegram-relay-under-test.ts';
import { atEmulator, settleHeld, telegramPayments } from './telegram-under-test.ts';

const patience = { timeout: 60_000 };
const soon = { timeout: 20_000, interval: 50 };
const price = 77;

let telegram: KillableTelegram;
beforeEach(async () => {
  telegram = await openKillableTelegram();
});
afterEach(() => telegram.close());

interface Row {
  public_id: string;
  provider_ref: string;
  status: string;
  exception: string;
  received: number;
  refunded: number;
}

const rows = (): Row[] => telegram.hub.rows<Row>('select * from invoices order by id');
const events = (): string[] =>
  telegram.hub
    .rows<{ type: string; seq: number }>('select type, seq from events order by position')
    .map(({ type, seq }) => `${seq} ${type}`);
const checkouts = (): object[] => telegram.hub.rows('select * from checkouts');
const charges = (): number =>
  telegram.hub.rows("select 1 from observations where evidence_id like 'telegram:stx%'").length;

const untilStatus = async (status: string): Promise<void> => {
  await expect.poll(() => rows()[0]?.status, soon).toBe(status);
};

const restart = async (): Promise<void> => {
  await telegram.hub.dead();
  await telegram.hub.start();
};

/** What came through to the hub about something. */
const passed = (about: string) => telegram.relay.passed.filter(({ body }) => body.includes(about));

const strikeOn = (about: string, moment: WebhookMoment, strike = telegram.hub.kill): void =>
  telegram.relay.strikeOn({ about, moment, strike });

/** The payer is charged once, and the hub has it once. */
const expectPaidOnceBy = async (payer: Person): Promise<void> => {
  await untilStatus('paid');
  expect(rows()).toMatchObject([{ received: price, exception: 'none', refunded: 0 }]);
  expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.paid']);
  const charged = (await telegramPayments(telegram)).filter(({ state }) => state === 'paid');
  expect(charged.map(({ user_id }) => user_id)).toEqual([payer.id]);
  expect(await payer.stars()).toBe(1000 - price);
  expect(charges()).toBe(1);
};

const somebody = (): Promise<Person> => openPerson(telegram, { stars: 1000 });
const question = 'pre_checkout_query';
const payment = 'successful_payment';

describe('kill -9 in the question before a payment', patience, () => {
  test('before it is read: nothing is stored, and asked again it is answered', async () => {
    await telegram.hub.start();
    const { link } = await telegram.create('k', { link: true });
    const payer = await somebody();
    strikeOn(question, 'half way');
    const paying = payer.pay(link);
    await telegram.hub.dead();
    expect(checkouts()).toEqual([]);
    await telegram.hub.start();
    expect((await paying).state).toBe('paid');
    await expectPaidOnceBy(payer);
  });

  test('when it is accepted, of which Telegram never hears: asked again it gets the same answer', async () => {
    await telegram.hub.start();
    const { link } = await telegram.create('k', { link: true });
    const [payer, rival] = [await somebody(), await somebody()];
    strikeOn(question, 'answered');
    const paying = payer.pay(link);
    await telegram.hub.dead();
    const stored = checkouts();
    expect(stored).toHaveLength(1);
    await telegram.hub.start();
    const refused = await rival.pay(link);
    expect(refused).toMatchObject({ state: 'refused' });
    expect((await paying).state).toBe('paid');
    const [first, second] = passed(question).filter(({ body }) => body.includes(`${payer.id}`));
    expect(second).toMatchObject({ status: 200, reply: first?.reply, body: first?.body });
    expect(first?.reply).toContain('"ok":true');
    expect(checkouts()).toEqual(stored);
    await expectPaidOnceBy(payer);
    expect(await rival.stars()).toBe(1000);
  });
});

describe('kill -9 between the accepted question and the money', patience, () => {
  test('nobody else is let through, and the money counts when it comes', async () => {
    await telegram.hub.start();
    const { link, payLink } = await telegram.create('k', { link: true });
    const [payer, rival] = [await somebody(), await somebody()];
    const held = await payer.payInChat(payLink, { hold: true });
    telegram.hub.kill();
    await restart();
    for (const again of [rival, payer]) {
      expect(await again.pay(link)).toMatchObject({
        state: 'refused',
        error: expect.stringContaining('paying this invoice right now'),
      });
    }
    expect(
      (await telegram.hub.call(`/v1/invoices/${rows()[0]?.public_id}/cancel`, { method: 'POST' }))
        .status,
    ).toBe(409);
    await settleHeld(telegram, held);
    await expectPaidOnceBy(payer);
  });

  test('money that comes while nobody is there counts after the restart', async () => {
    await telegram.hub.start();
    const { payLink } = await telegram.create('k');
    const payer = await somebody();
    const held = await payer.payInChat(payLink, { hold: true });
    telegram.hub.kill();
    await telegram.hub.dead();
    await settleHeld(telegram, held);
    await telegram.hub.start();
    await expectPaidOnceBy(payer);
  });
});

describe('kill -9 in the message that somebody has paid', patience, () => {
  test.each<[string, WebhookMoment, number]>([
    ['before it is stored', 'half way', 0],
    ['when it is stored, of which Telegram never hears', 'answered', 1],
  ])('%s: it comes again, and counts once', async (_title, moment, isStored) => {
    await telegram.hub.start();
    const { link } = await telegram.create('k', { link: true });
    const payer = await somebody();
    strikeOn(payment, moment);
    expect((await payer.pay(link)).state).toBe('paid');
    await telegram.hub.dead();
    expect(charges()).toBe(isStored);
    await telegram.hub.start();
    const taken = () => passed(payment).filter(({ status }) => status === 200).length;
    await expect.poll(taken, soon).toBe(1 + isStored);
    await expectPaidOnceBy(payer);
  });
});

test('kill -9 at random moments of many payments: each counts once, none is lost', async () => {
  const random = randomFrom(7);
  const rounds = 5;
  const paid: string[] = [];
  await telegram.hub.start();
  for (let round = 0; round < rounds; round += 1) {
    const invoices = await Promise.all(
      Array.from({ length: 6 }, (_, index) => telegram.create(`${round}-${index}`, { link: true })),
    );
    const paying = invoices.flatMap(({ link }) =>
      [0, 1].map(async () => {
        const person = await somebody();
        return person.pay(link);
      }),
    );
    setTimeout(telegram.hub.kill, 20 + random() * 150);
    await restart();
    const settled = await Promise.all(paying);
    paid.push(...settled.filter(({ state }) => state === 'paid').map((one) => one.invoice_payload));
  }
  expect(new Set(paid).size).toBe(paid.length);
  expect(paid.length).toBeGreaterThan(0);
  const received = () =>
    rows().flatMap((row) => (row.received === price ? [row.provider_ref] : []));
  await expect.poll(() => received().toSorted(), soon).toEqual(paid.toSorted());
  expect(rows().filter((row) => row.received !== 0 && row.received !== price)).toEqual([]);
}, 120_000);

describe.each(['before', 'after'] as const)(
  'kill -9 %s Telegram has done it',
  patience,
  (moment) => {
    const at = (target: string): Strike => ({ target: `POST ${target}`, moment });

    test('a create that makes a link: the retry gets the one invoice, which is paid once', async () => {
      await telegram.hub.start();
      telegram.hub.strikeOn(at('/bot*/createInvoiceLink'));
      await expect(telegram.ask('k', { link: true })).rejects.toThrow('fetch failed');
      await restart();
      const { link, ref } = await readInvoice(await telegram.ask('k', { link: true }));
      expect(rows()).toMatchObject([{ provider_ref: ref, status: 'pending' }]);
      const payer = await somebody();
      expect((await payer.pay(link)).state).toBe('paid');
      await expectPaidOnceBy(payer);
    });

    test('a create that makes a link, without a key: the restarted hub finishes it by itself', async () => {
      await telegram.hub.start();
      telegram.hub.strikeOn(at('/bot*/createInvoiceLink'));
      await expect(telegram.ask(undefined, { link: true })).rejects.toThrow('fetch failed');
      await restart();
      await untilStatus('pending');
      const payer = await somebody();
      const payLink = `https://t.me/sandbox_7001914078_bot?start=${rows()[0]?.provider_ref}`;
      expect((await payer.payInChat(payLink)).state).toBe('paid');
      await expectPaidOnceBy(payer);
    });

    test('a refund: the Stars go back once', async () => {
      await telegram.hub.start();
      const { id, link } = await telegram.create('k', { link: true });
      const payer = await somebody();
      await payer.pay(link);
      await untilStatus('paid');
      telegram.hub.strikeOn(at('/bot*/refundStarPayment'));
      const refund = () =>
        telegram.hub.call(`/v1/invoices/${id}/refunds`, {
          method: 'POST',
          body: {},
          headers: { 'idempotency-key': 'r' },
        });
      await expect(refund()).rejects.toThrow('fetch failed');
      await restart();
      expect((await refund()).status).toBe(201);
      await untilStatus('refunded');
      expect(rows()).toMatchObject([{ received: price, refunded: price }]);
      expect(await payer.stars()).toBe(1000);
    });

    const points = { flow: 'telegram.bots_business', currency: 'BBP' };

    test('a create at the BBP bot: the retry gets one invoice, which is paid once', async () => {
      await telegram.hub.start();
      telegram.hub.strikeOn(at('/v2/bots/1914078/web-app/new-invoice'));
      await expect(telegram.ask('k', points)).rejects.toThrow('fetch failed');
      await restart();
      const { ref } = await readInvoice(await telegram.ask('k', points));
      expect(rows()).toMatchObject([{ provider_ref: ref, status: 'pending' }]);

      telegram.hub.strikeOn(at('/v2/bots/1914078/web-app/invoice-status'));
      const ada = { name: 'Ada', pin: '4321', balance: 1000, webhook: null };
      await atEmulator(telegram, 'PUT', '/bots-business/users/519829299', ada);
      const body = { userId: 519_829_299, by: 'chat' };
      await atEmulator(telegram, 'POST', `/bots-business/invoices/${ref}/pay`, body);
      await restart();
      await untilStatus('paid');
      expect(rows()).toMatchObject([{ received: price, exception: 'none' }]);
      expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.paid']);
    });
  },
);

describe('as services', patience, () => {
  let services: RunningServices;
  beforeEach(async () => {
    const { env } = telegram.hub;
    services = await startServices(loadConfig(env), { ...process.env, ...env });
  });
  afterEach(() => services.close());

  test.each(['invoice-core', 'telegram-adapter', 'gateway'] as const)(
    'kill -9 of %s when a payment was let through and when it came: it counts once',
    async (name) => {
      const { link } = await telegram.create('k', { link: true });
      const payer = await somebody();
      const strike = (): void => {
        const pid = services.services[name]?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      };
      strikeOn(question, 'answered', strike);
      const paying = payer.pay(link);
      await expect.poll(() => passed(question).length, soon).toBeGreaterThan(0);
      strikeOn(payment, 'answered', strike);
      expect((await paying).state).toBe('paid');
      const told = () => passed(payment).filter(({ status }) => status === 200).length;
      await expect.poll(told, soon).toBe(2);
      await expectPaidOnceBy(payer);
    },
  );
});
