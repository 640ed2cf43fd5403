import { setTimeout as sleep } from 'node:timers/promises';
import { CanonicalDeliveryPage, CanonicalEventPage } from '@quittance/contracts/canonical';
import type { WebhookEvent } from '@quittance/contracts/webhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minutes } from './faulty-hub-under-test.ts';
import { type KillableSandbox, openKillableSandbox } from './killable-sandbox-under-test.ts';
import type { WebhookReceiver } from './webhook-receiver-under-test.ts';
import { type Ask, askOf, newInvoice, openEndpoint } from './webhooks-under-test.ts';

const isDeep = process.env['QUITTANCE_DEEP'] === '1';
const { kills, deliveries } = isDeep
  ? { kills: 200, deliveries: 10_000 }
  : { kills: 12, deliveries: 600 };

let hub: KillableSandbox;
let ask: Ask;

beforeEach(async () => {
  hub = await openKillableSandbox();
  ask = askOf(hub);
  await hub.start();
}, 30_000);

afterEach(() => hub[Symbol.asyncDispose]());

/** How many are made at once while nobody is killed. */
const atOnce = 16;

const repeat = async (times: number, once: (index: number) => Promise<unknown>): Promise<void> => {
  const indexes = Array.from({ length: times }, (_, index) => index).values();
  const oneAfterTheOther = async (): Promise<void> => {
    for (const index of indexes) await once(index);
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
};

const order = { provider: 'stripe', amount: 2050, currency: 'USD' };

/** Makes an invoice while the hub is being killed: asks until there is an answer for good. */
const insistOnInvoice = async (key: string): Promise<void> => {
  for (;;) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const answer = await hub
      .call('/v1/invoices', { method: 'POST', headers, body: JSON.stringify(order) })
      .catch(() => undefined);
    if (answer?.status === 201) return;
    await sleep(50);
  }
};

const pending = (): number =>
  hub.rows<{ count: number }>("select count(*) as count from deliveries where state = 'pending'")[0]
    ?.count ?? 0;

const numbersOf = ({ data }: WebhookEvent & { data?: unknown }) => {
  if (!isOfInvoice(data)) throw new Error('An event of something else');
  return { invoice: data.invoice.id, seq: data.seq, position: data.position };
};

interface OfInvoice {
  seq: number;
  position: number;
  invoice: { id: string };
}

const isOfInvoice = (data: unknown): data is OfInvoice =>
  typeof data === 'object' && data !== null && 'seq' in data && 'invoice' in data;

/** Every event of the account, by the feed. */
const feed = async (): Promise<{ position: number; invoiceId: string; seq: number }[]> => {
  const events: { position: number; invoiceId: string; seq: number }[] = [];
  for (let after = 0; ;) {
    const { body } = await ask('GET', `/v1/events?after=${after}&limit=1000`);
    const { data, next } = CanonicalEventPage.parse(body);
    if (data.length === 0) return events;
    for (const event of data) if ('seq' in event) events.push(event);
    after = next;
  }
};

/** Everything came, under its one id and with its one body, and of no invoice a number is missing. */
const expectAllOf = async ({ received, problems }: WebhookReceiver): Promise<void> => {
  expect(problems).toEqual([]);
  const events = await feed();
  const ids = new Set(received.map(({ id }) => id));
  expect([...ids].toSorted()).toEqual(events.map(({ position }) => `evt_${position}`).toSorted());
  const bodies = new Map(received.map(({ id, body }) => [id, body]));
  const seqs = new Map<string, Set<number>>();
  for (const { id, body, event } of received) {
    const { invoice, seq, position } = numbersOf(event);
    expect(id).toBe(`evt_${position}`);
    expect(bodies.get(id)).toBe(body);
    seqs.set(invoice, (seqs.get(invoice) ?? new Set()).add(seq));
  }
  for (const [invoice, found] of seqs) {
    expect([invoice, [...found].toSorted((a, b) => a - b)]).toEqual([
      invoice,
      Array.from({ length: found.size }, (_, index) => index + 1),
    ]);
  }
  const invoices = new Set(events.map(({ invoiceId }) => invoiceId));
  expect(seqs.size).toBe(invoices.size);
};

/** No event came before the one before it was there. */
const expectOrder = ({ received }: WebhookReceiver): void => {
  const highest = new Map<string, number>();
  for (const { event } of received) {
    const { invoice, seq } = numbersOf(event);
    const before = highest.get(invoice) ?? 0;
    expect([invoice, seq <= before + 1]).toEqual([invoice, true]);
    highest.set(invoice, Math.max(before, seq));
  }
};

test(
  `kill -9 of the sender ${kills} times during ${deliveries} deliveries loses none`,
  async () => {
    // Each invoice has two events, and each event goes to two endpoints.
    const invoices = deliveries / 4;
    await repeat(invoices / 2, () => newInvoice(ask));
    await using plain = await openEndpoint(ask);
    await using ordered = await openEndpoint(ask, { ordered: true });
    const receivers = [plain.receiver, ordered.receiver];
    for (const receiver of receivers) {
      receiver.answerWith(() => ({ status: 200, afterMs: Math.random() * 30 }));
    }
    for (const { id } of [plain, ordered]) {
      const range = { since: '2000-01-01T00:00:00Z', until: '9999-01-01T00:00:00Z' };
      await ask('POST', `/v1/webhook-endpoints/${id}/replay`, range);
    }
    const count = (): number => receivers.reduce((sum, { received }) => sum + received.length, 0);

    const making = repeat(invoices / 2, (index) => insistOnInvoice(`live-${index}`));
    const most = Math.floor((0.6 * deliveries) / kills);
    let struck = 0;
    for (let round = 0; round < kills; round += 1) {
      const target = count() + 1 + Math.floor(Math.random() * most);
      await expect.poll(() => count() >= target, { timeout: 20_000, interval: 1 }).toBe(true);
      await sleep(Math.random() * 20);
      await hub.kill();
      if (pending() > 0) struck += 1;
      await hub.start();
    }
    await making;
    await expect.poll(pending, { timeout: 60_000, interval: 50 }).toBe(0);

    expect(struck).toBe(kills);
    for (const receiver of receivers) await expectAllOf(receiver);
    expectOrder(ordered.receiver);
    const sent = hub.rows<{ count: number }>('select count(*) as count from deliveries');
    expect(sent).toEqual([{ count: deliveries }]);
    // What was under way is sent again, and nothing else: four at once at most to each endpoint.
    expect(count()).toBeGreaterThanOrEqual(deliveries);
    expect(count() - deliveries).toBeLessThanOrEqual(kills * 4 * receivers.length);
  },
  isDeep ? 1_200_000 : 120_000,
);

test('kill -9 in the middle of a retry schedule keeps the schedule', async () => {
  await using endpoint = await openEndpoint(ask, { eventTypes: ['invoice.opened'] });
  const { receiver } = endpoint;
  receiver.answerWith(() => ({ status: 500 }));
  const delivery = async () =>
    CanonicalDeliveryPage.parse((await ask('GET', `/v1/deliveries?endpointId=${endpoint.id}`)).body)
      .data[0];
  const afterTry = async (attempts: number) => {
    await expect
      .poll(async () => (await delivery())?.attempts, { timeout: 10_000, interval: 50 })
      .toBe(attempts);
    return delivery();
  };
  const restart = async (): Promise<void> => {
    await hub.kill();
    await hub.start();
  };

  await newInvoice(ask);
  const first = await afterTry(1);
  await restart();
  expect(await delivery()).toEqual(first);
  const second = await afterTry(2);
  expect(receiver.received[1]?.at).toBeGreaterThanOrEqual(Date.parse(first?.nextAttemptAt ?? ''));

  await restart();
  expect(await delivery()).toEqual(second);
  expect(receiver.received).toHaveLength(2);
  receiver.answerWith(() => ({ status: 200 }));
  await fetch(`${hub.demo().sandboxUrl}/_sandbox/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance_ms: 6 * minutes }),
  });
  expect(await afterTry(3)).toMatchObject({ status: 'succeeded', nextAttemptAt: null });
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
  expect(receiver.problems).toEqual([]);
}, 60_000);
