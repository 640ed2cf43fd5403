import { setTimeout as sleep } from 'node:timers/promises';
import { Seed003Created } from '@quittance/contracts/seed-003';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type BitsbyEntry,
  bitsbyBooks,
  inOrder,
  serviceDataOf,
} from './bitsby-books-under-test.ts';
import { atBitsby, form, orderOf } from './bitsby-under-test.ts';
import { loadConfig } from './config.ts';
import { minutes } from './faulty-hub-under-test.ts';
import { type KillableBitsby, openKillableBitsby } from './killable-bitsby-under-test.ts';
import type { Strike } from './killable-hub-under-test.ts';
import { type RunningServices, startServices } from './services.ts';

let bitsby: KillableBitsby;
beforeEach(async () => {
  bitsby = await openKillableBitsby();
});
afterEach(() => bitsby.close());

const start = async (): Promise<void> => {
  await bitsby.hub.start();
  await bitsby.openProject();
};

const create = (key?: string, serviceData = 'mine') =>
  form(
    bitsby,
    '/invoices/create',
    { ...orderOf(bitsby), serviceData },
    key === undefined ? {} : { 'idempotency-key': key },
  );

/** What may still come about is not made again, so whoever has a key asks until it is known. */
const insist = async (key: string, serviceData?: string): ReturnType<typeof create> => {
  const answer = await create(key, serviceData);
  if (answer.status < 500) return answer;
  await sleep(50);
  return insist(key, serviceData);
};

interface Row {
  public_id: string;
  provider_ref: string | null;
  status: string;
  received: number;
}

const rows = (): Row[] => bitsby.hub.rows<Row>('select * from invoices order by id');

const invoice = (): Row => {
  const [row, ...others] = rows();
  if (!row || others.length > 0) throw new Error('Expected one invoice');
  return row;
};

const events = (): string[] =>
  bitsby.hub
    .rows<{ type: string; seq: number }>('select type, seq from events order by position')
    .map(({ type, seq }) => `${seq} ${type}`);

const hints = (): number =>
  bitsby.hub.rows("select 1 from observations where source = 'webhook'").length;

const untilStatus = async (status: string): Promise<void> => {
  await expect.poll(() => invoice().status, { timeout: 15_000, interval: 50 }).toBe(status);
};

/** Has background work of a kind done at the next start, in whichever hands it was left. */
const bringForward = (kind: string): void =>
  bitsby.hub.alter(`update jobs set run_at = 0, leased_until = 0 where kind = '${kind}'`);

/** Each invoice of ours is one at Bitsby, made by its key, and there is no other. */
const expectOneOfEach = async (): Promise<void> => {
  const books = await bitsbyBooks(bitsby);
  const byKey = (entry: BitsbyEntry) => [serviceDataOf(entry).quittance, entry.invoice.id];
  const ours = rows().map((row) => [`quittance-invoice-${row.public_id}`, row.provider_ref]);
  expect(inOrder(books.map(byKey))).toEqual(inOrder(ours));
};

const expectOpenedOnce = async (): Promise<void> => {
  expect(invoice()).toMatchObject({ status: 'pending', received: 0 });
  expect(events()).toEqual(['1 invoice.created', '2 invoice.opened']);
  expect((await bitsbyBooks(bitsby)).map(serviceDataOf)).toMatchObject([{ data: 'mine' }]);
  await expectOneOfEach();
};

const patience = { timeout: 60_000 };

const at = (moment: Strike['moment'], path: string): Strike => ({ target: `POST ${path}`, moment });
const listing = '/invoices/list';
const creating = '/invoices/create';
const canceling = '/invoices/cancel';

/** One kill after the other: each strikes the next process that does this again. */
const createKills: [string, Strike[]][] = [
  ['it is being made', [at('before', creating)]],
  ['it was made', [at('after', creating)]],
  ['it was made, and again when it is looked for', [at('after', creating), at('before', listing)]],
  ['it was made, and again when it was found', [at('after', creating), at('after', listing)]],
  ['it is being made, and again when it was', [at('before', creating), at('after', creating)]],
];

describe.each(createKills)('kill -9 of a create when %s', patience, (_title, strikes) => {
  beforeEach(start);

  test('with a key: the retry after the restart gets the one invoice', async () => {
    for (const strike of strikes) {
      bitsby.hub.strikeOn(strike);
      await expect(insist('k')).rejects.toThrow('fetch failed');
      await bitsby.hub.dead();
      await bitsby.hub.start();
    }
    const { status, body } = await insist('k');
    expect(status).toBe(200);
    expect(Seed003Created.parse(body).data.id).toBe(invoice().provider_ref);
    await expectOpenedOnce();
    expect((await create('k')).body).toEqual(body);
  });

  test('without a key: the restarted hub finishes it by itself', async () => {
    const [first, ...others] = strikes;
    if (first) bitsby.hub.strikeOn(first);
    await expect(create()).rejects.toThrow('fetch failed');
    await bitsby.hub.dead();
    for (const strike of others) {
      bringForward('open');
      bitsby.hub.strikeOn(strike);
      await bitsby.hub.start().catch(() => undefined);
      await bitsby.hub.dead();
    }
    bringForward('open');
    await bitsby.hub.start();
    await untilStatus('pending');
    await expectOpenedOnce();
  });
});

test('kill -9 at random moments of many creates: one at Bitsby for each, none lost', async () => {
  await start();
  const delays = [5, 25, 60, 100, 150, 250];
  const keys = delays.flatMap((_, round) =>
    Array.from({ length: 10 }, (_x, index) => `${round}-${index}`),
  );
  for (const [round, delay] of delays.entries()) {
    const answers = keys
      .filter((key) => key.startsWith(`${round}-`))
      .map((key) => create(key, key).catch(() => undefined));
    setTimeout(bitsby.hub.kill, delay);
    await Promise.all(answers);
    await bitsby.hub.dead();
    await bitsby.hub.start();
  }
  const answers = await Promise.all(keys.map((key) => insist(key, key)));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(rows()).toHaveLength(keys.length);
  await expectOneOfEach();
  const payloads = (await bitsbyBooks(bitsby)).map((entry) => serviceDataOf(entry).data);
  expect(inOrder(payloads)).toEqual(inOrder(keys));
}, 90_000);

/** Worth more than was asked for, which only the webhook says. */
const payTooMuch = async (): Promise<number> => {
  const uid = (await bitsbyBooks(bitsby))[0]?.invoice.uid;
  await atBitsby(bitsby, 'POST', `/invoices/${uid}/pay`, { amount: 'over', bind: true });
  const [payment] = (await bitsbyBooks(bitsby))[0]?.payments ?? [];
  return Math.round(Number(payment?.calcAmountFiat) * 100);
};

const expectPaidOnce = async (received: number): Promise<void> => {
  await untilStatus('paid');
  expect(invoice().received).toBe(received);
  expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.paid']);
  await expectOneOfEach();
};

const untilToldAgain = async (): Promise<void> => {
  await bitsby.advanceBitsby(5 * minutes);
  await expect.poll(bitsby.taken, { timeout: 10_000, interval: 20 }).toBe(1);
};

describe('kill -9 in a webhook', patience, () => {
  beforeEach(async () => {
    await start();
    await create('k');
  });

  test('before it is stored: nothing of it is, and it counts when it comes again', async () => {
    bitsby.strikeOnWebhook('half way');
    const worth = await payTooMuch();
    await bitsby.hub.dead();
    expect([hints(), invoice().received]).toEqual([0, 0]);
    await bitsby.hub.start();
    await untilToldAgain();
    await expectPaidOnce(worth);
  });

  test('when it is stored, which Bitsby does not hear: it counts at once, and once', async () => {
    bitsby.strikeOnWebhook('answered');
    const worth = await payTooMuch();
    await bitsby.hub.dead();
    expect(hints()).toBe(1);
    await bitsby.hub.start();
    await expectPaidOnce(worth);
    const { length: before } = bitsby.hub.rows('select 1 from observations');
    await untilToldAgain();
    await expectPaidOnce(worth);
    expect(bitsby.hub.rows('select 1 from observations')).toHaveLength(before);
  });

  test.each([
    at('before', listing),
    at('after', listing),
    at('before', '/payments/list'),
    at('after', '/payments/list'),
  ])('$moment the $target that it gave reason for: it is asked again', async (strike) => {
    bitsby.hub.strikeOn(strike);
    const worth = await payTooMuch();
    await bitsby.hub.dead();
    expect([hints(), invoice().received]).toEqual([1, 0]);
    await bitsby.hub.start();
    await expectPaidOnce(worth);
  });
});

describe.each(['before', 'after'] as const)('kill -9 %s Bitsby has done it', patience, (moment) => {
  beforeEach(async () => {
    await start();
    await create('k');
  });

  test.each([listing, '/payments/list'])(
    'a poll that asks %s sees once that money is on its way',
    async (path) => {
      await bitsby.tellOfPayments(false);
      await payTooMuch();
      bitsby.hub.kill();
      await bitsby.hub.dead();
      bringForward('poll');
      bitsby.hub.strikeOn(at(moment, path));
      await bitsby.hub.start().catch(() => undefined);
      await bitsby.hub.dead();
      bringForward('poll');
      await bitsby.hub.start();
      await untilStatus('processing');
      const told = ['1 invoice.created', '2 invoice.opened', '3 invoice.processing'];
      expect(events()).toEqual(told);
      await expectOneOfEach();
    },
  );

  const cancel = (key?: string) =>
    bitsby.hub.call(`/v1/invoices/${invoice().public_id}/cancel`, {
      method: 'POST',
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    });

  const expectCanceledOnce = async (): Promise<void> => {
    await untilStatus('canceled');
    expect((await bitsbyBooks(bitsby)).map((entry) => entry.invoice.status)).toEqual(['canceled']);
    expect(events()).toEqual(['1 invoice.created', '2 invoice.opened', '3 invoice.canceled']);
  };

  test('a cancel is carried out once, by the restarted hub', async () => {
    bitsby.hub.strikeOn(at(moment, canceling));
    await expect(cancel()).rejects.toThrow('fetch failed');
    await bitsby.hub.dead();
    await bitsby.hub.start();
    await expectCanceledOnce();
  });

  test('a cancel that was made is recognized, by whichever process gets to see it', async () => {
    for (const strike of [at('after', canceling), at(moment, listing)]) {
      bitsby.hub.strikeOn(strike);
      await expect(cancel('c')).rejects.toThrow('fetch failed');
      await bitsby.hub.dead();
      await bitsby.hub.start();
    }
    expect((await cancel('c')).status).toBe(200);
    await expectCanceledOnce();
  });
});

describe('as services', () => {
  let services: RunningServices;
  beforeEach(async () => {
    const { env } = bitsby.hub;
    services = await startServices(loadConfig(env), { ...process.env, ...env });
    await bitsby.openProject();
  });
  afterEach(() => services.close());

  test.each(['invoice-core', 'bitsby-adapter'] as const)(
    'kill -9 of %s in the middle of a create: the client is told the truth, and the key settles it',
    async (name) => {
      bitsby.hub.strikeOn(at('after', creating), () => {
        const pid = services.services[name]?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      });
      expect((await create('k')).status).toBe(504);
      const again = async () => (await create('k')).status;
      await expect.poll(again, { timeout: 15_000, interval: 200 }).toBe(200);
      await expectOpenedOnce();
    },
    60_000,
  );
});
