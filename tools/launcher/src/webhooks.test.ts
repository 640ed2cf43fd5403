import {
  CanonicalAttempts,
  CanonicalDelivery,
  CanonicalDeliveryPage,
  CanonicalEndpoint,
  CanonicalInvoice,
  CanonicalMessage,
  CanonicalReplayed,
  CanonicalRotatedSecret,
  CanonicalTested,
} from '@quittance/contracts/canonical';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance, control, days, minutes } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest, openHub } from './hub-under-test.ts';
import { type Ask, askOf, newInvoice, openEndpoint } from './webhooks-under-test.ts';

const waiting = { timeout: 10_000, interval: 20 };

describe.each(everyLauncher)('webhooks, the hub %s', { timeout: 30_000 }, (how) => {
  let hub: HubUnderTest;
  let ask: Ask;
  beforeAll(async () => {
    hub = await openHub(how);
    ask = askOf(hub);
  }, 30_000);
  afterAll(() => hub[Symbol.asyncDispose]());

  const pay = async ({ providerRef }: CanonicalInvoice): Promise<void> => {
    await hub.stripe.paymentIntents.confirm(providerRef ?? '', { payment_method: 'pm_card_visa' });
  };
  const deliveriesOf = async (query: string): Promise<CanonicalDelivery[]> =>
    CanonicalDeliveryPage.parse((await ask('GET', `/v1/deliveries?${query}`)).body).data;

  test('a paid invoice: each event once, signed, numbered, with the whole invoice', async () => {
    await using endpoint = await openEndpoint(ask, { headers: { 'x-shop': 'seven' } });
    const { received, problems, told } = endpoint.receiver;
    const invoice = await newInvoice(ask);
    await told('invoice.opened');
    await pay(invoice);
    const { event, headers, body } = await told('invoice.paid');

    if (event.type !== 'invoice.paid') throw new Error('Of another type');
    const { seq, position } = event.data;
    expect(seq).toBe(3);
    const now = CanonicalInvoice.parse((await ask('GET', `/v1/invoices/${invoice.id}`)).body);
    expect(now).toMatchObject({ status: 'paid', received: 2050 });
    expect(CanonicalInvoice.parse(event.data.invoice)).toEqual(now);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Quittance\//),
      'webhook-id': `evt_${position}`,
      'x-shop': 'seven',
    });
    expect(
      CanonicalMessage.parse((await ask('GET', `/v1/events/${position}/message`)).body),
    ).toEqual({ webhookId: `evt_${position}`, body });
    expect(problems).toEqual([]);
    expect(received.map(({ event: { type } }) => type).toSorted()).toEqual([
      'invoice.created',
      'invoice.opened',
      'invoice.paid',
    ]);

    await expect
      .poll(() => deliveriesOf(`endpointId=${endpoint.id}&status=succeeded`), waiting)
      .toHaveLength(3);
    expect(await deliveriesOf(`invoiceId=${invoice.id}&type=invoice.paid`)).toMatchObject([
      { webhookId: `evt_${position}`, status: 'succeeded', attempts: 1, nextAttemptAt: null },
    ]);
  });

  test('a new secret: both sign for a day, then the new one alone', async () => {
    await using endpoint = await openEndpoint(ask);
    const { receiver, secret } = endpoint;
    const rotated = CanonicalRotatedSecret.parse(
      (await ask('POST', `/v1/webhook-endpoints/${endpoint.id}/rotate-secret`)).body,
    );
    expect(rotated.secret).not.toBe(secret);
    receiver.secrets.push(rotated.secret);
    await newInvoice(ask);
    expect((await receiver.told('invoice.opened')).signedWith).toEqual([secret, rotated.secret]);

    await advance(hub, days + minutes);
    receiver.received.length = 0;
    await newInvoice(ask);
    expect((await receiver.told('invoice.opened')).signedWith).toEqual([rotated.secret]);
    expect(receiver.problems).toEqual([]);
    await control(hub, 'clock', 'DELETE');
  });

  test('a test ping says what came of it', async () => {
    await using endpoint = await openEndpoint(ask);
    const { receiver, id } = endpoint;
    const ping = async () =>
      CanonicalTested.parse((await ask('POST', `/v1/webhook-endpoints/${id}/test`)).body);
    const { webhookId, attempt } = await ping();
    expect(attempt).toMatchObject({ result: 'succeeded', httpStatus: 200 });
    expect(await receiver.told('endpoint.test')).toMatchObject({
      id: webhookId,
      event: { type: 'endpoint.test', data: { endpoint: { id, url: receiver.url } } },
    });
    receiver.answerWith(() => ({ status: 418, body: 'teapot' }));
    expect((await ping()).attempt).toMatchObject({
      result: 'rejected',
      httpStatus: 418,
      responseBody: 'teapot',
    });
    expect(await deliveriesOf(`endpointId=${id}`)).toEqual([]);
    expect(receiver.problems).toEqual([]);
  });

  test('a disabled endpoint is told nothing, the others of it; enabled, a replay tells what it missed', async () => {
    await using endpoint = await openEndpoint(ask);
    await using other = await openEndpoint(ask);
    const path = `/v1/webhook-endpoints/${endpoint.id}`;
    const enable = async (enabled: boolean) =>
      CanonicalEndpoint.parse((await ask('PATCH', path, { enabled })).body);
    expect(await enable(false)).toMatchObject({ enabled: false, disabledReason: 'by_hand' });
    expect(await other.receiver.told('endpoint.disabled')).toMatchObject({
      event: { data: { endpoint: { id: endpoint.id, reason: 'by_hand' } } },
    });
    const { createdAt: since } = await newInvoice(ask);
    await other.receiver.told('invoice.opened');
    expect((await ask('POST', `${path}/replay`, { failed: true })).status).toBe(409);

    expect(await enable(true)).toMatchObject({ enabled: true, disabledReason: null });
    expect(endpoint.receiver.received).toEqual([]);
    const until = new Date(Date.parse(since) + minutes).toISOString();
    const { deliveries } = CanonicalReplayed.parse(
      (await ask('POST', `${path}/replay`, { since, until })).body,
    );
    expect(deliveries).toBe(2);
    await endpoint.receiver.told('invoice.opened');
    expect(endpoint.receiver.taken().toSorted()).toEqual(['invoice.created', 'invoice.opened']);
    expect(endpoint.receiver.received.map(({ id }) => id).toSorted()).toEqual(
      other.receiver.received
        .filter(({ event }) => event.type !== 'endpoint.disabled')
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  test('what failed is told with its attempts, and can be sent again by hand', async () => {
    await using endpoint = await openEndpoint(ask, { eventTypes: ['invoice.opened'] });
    const { receiver } = endpoint;
    receiver.answerWith(() => ({ status: 500, body: 'out of order', headers: { 'x-why': 'x' } }));
    await newInvoice(ask);
    await expect
      .poll(() => deliveriesOf(`endpointId=${endpoint.id}`), waiting)
      .toMatchObject([{ status: 'pending', attempts: 1, nextAttemptAt: expect.any(String) }]);
    const [delivery] = await deliveriesOf(`endpointId=${endpoint.id}&status=pending`);
    const path = `/v1/deliveries/${delivery?.id}`;
    const attempts = async () =>
      CanonicalAttempts.parse((await ask('GET', `${path}/attempts`)).body).data;
    expect(await attempts()).toMatchObject([
      {
        result: 'rejected',
        httpStatus: 500,
        responseBody: 'out of order',
        responseHeaders: { 'x-why': 'x' },
        error: null,
      },
    ]);
    const { failingSince } = CanonicalEndpoint.parse(
      (await ask('GET', `/v1/webhook-endpoints/${endpoint.id}`)).body,
    );
    expect(failingSince).not.toBeNull();

    receiver.answerWith(() => ({ status: 204 }));
    expect((await ask('POST', `${path}/replay`)).status).toBe(200);
    await expect
      .poll(async () => CanonicalDelivery.parse((await ask('GET', path)).body), waiting)
      .toMatchObject({ status: 'succeeded', attempts: 2, nextAttemptAt: null });
    expect((await attempts()).map(({ httpStatus }) => httpStatus)).toEqual([500, 204]);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  });

  test('an endpoint is told only of what it asks for', async () => {
    await using all = await openEndpoint(ask);
    await using endpoint = await openEndpoint(ask, { eventTypes: ['invoice.paid'] });
    const invoice = await newInvoice(ask);
    await pay(invoice);
    await endpoint.receiver.told('invoice.paid');
    await expect.poll(() => all.receiver.taken().length, waiting).toBe(3);
    expect(endpoint.receiver.taken()).toEqual(['invoice.paid']);
  });

  test("in order, under faults: an invoice's event comes when the one before was taken", async () => {
    await using endpoint = await openEndpoint(ask, { ordered: true });
    const { receiver } = endpoint;
    const taken: string[] = [];
    const tries = new Map<string, number>();
    receiver.answerWith(({ id, event }) => {
      if (!('data' in event) || !('seq' in event.data)) return { status: 200 };
      const tried = (tries.get(id) ?? 0) + 1;
      tries.set(id, tried);
      // Every third event fails once, every seventh twice.
      const fails = Number(event.data.position % 3 === 0) + Number(event.data.position % 7 === 0);
      if (tried <= fails) return { status: 503 };
      taken.push(`${event.data.invoice.id} ${event.data.seq}`);
      return { status: 200 };
    });
    const invoices = await Promise.all(Array.from({ length: 8 }, () => newInvoice(ask)));
    for (const invoice of invoices) await pay(invoice);
    await expect
      .poll(
        async () => {
          await advance(hub, 6 * minutes);
          return taken.length;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(24);
    for (const { id } of invoices) {
      expect(taken.filter((one) => one.startsWith(id))).toEqual(
        [1, 2, 3].map((seq) => `${id} ${seq}`),
      );
    }
    expect([...tries.values()].some((tried) => tried > 1)).toBe(true);
    expect(receiver.problems).toEqual([]);
    await control(hub, 'clock', 'DELETE');
  });
});
