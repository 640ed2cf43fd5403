import { expect, test } from 'vitest';
import { z } from 'zod';
import { bitsbyProjectId, startBitsby } from '../../testing/bitsby.ts';
import { eventually } from '../../testing/eventually.ts';
import { createManualTime } from '../../testing/manual-time.ts';
import { startReceiver, type Receiver } from '../../testing/start-receiver.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const minute = 60_000;
const hour = 60 * minute;
const ladder = [
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
];

const fields = z.record(z.string(), z.unknown());
const Body = z.object({ project: fields, invoice: fields });

const paidFor = ({ received }: Receiver): unknown[] =>
  received.map(({ body }) => Body.parse(JSON.parse(body)).invoice['serviceData']);

test('a paid invoice is told to its project as documented, field by field', async () => {
  const time = createManualTime(Date.UTC(2024, 1, 26, 13, 29, 24));
  await using receiver = await startReceiver();
  await using bitsby = await startBitsby({ ...time, webhookUrl: receiver.url });
  const { id, uid, wallets } = await bitsby.create({
    amountFiat: '5',
    currencyFiat: 'USD',
    timeToPay: '12',
    serviceData: '{"userId":100, "orderId":500}',
  });
  time.advance(213_000);
  const { payment } = await bitsby.act(uid, 'pay', { amount: '5.02', bind: true });
  await receiver.arrived(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toStrictEqual({
    wallet: {
      id: wallets[0]?.id,
      name: 'usdt-tron',
      blockchain: 'tron',
      cryptocurrency: 'usdt',
      address: expect.stringMatching(/^T/),
    },
    project: {
      id: bitsbyProjectId,
      name: 'My project',
      commissionPayer: 'seller',
      commissionRate: '1',
    },
    invoice: {
      id,
      uid,
      createDatetime: '2024-02-26 13:29:24',
      timeToPayDatetime: '2024-02-27 01:29:24',
      commissionFiatUSD: '0.05',
      amountFiatUSD: '5.00',
      amountFiat: '5.00',
      calcAmountFiat: '5.02',
      currencyFiat: 'USD',
      description: null,
      serviceData: '{"userId":100, "orderId":500}',
      status: 'paid',
    },
    payment: {
      id: payment.id,
      amount: '5.02000000',
      hash: payment.hash,
      transactionDatetime: '2024-02-26 13:32:57',
    },
  });
});

test('the older body has no commission and no amounts in USD', async () => {
  await using receiver = await startReceiver();
  await using bitsby = await startBitsby({ webhookUrl: receiver.url });
  await bitsby.control('PUT', '/settings', { webhookBody: 'older', rateLimit: false });
  await bitsby.act((await bitsby.create()).uid, 'pay');
  await receiver.arrived(1);
  const { project, invoice } = Body.parse(JSON.parse(receiver.received[0]?.body ?? ''));
  expect(project).toStrictEqual({ id: bitsbyProjectId, name: 'My project' });
  expect(Object.keys(invoice)).toEqual([
    'id',
    'uid',
    'createDatetime',
    'timeToPayDatetime',
    'amountFiat',
    'calcAmountFiat',
    'currencyFiat',
    'description',
    'serviceData',
    'status',
  ]);
});

test('only paying is told, however it comes about, and only to a project with a URL', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using bitsby = await startBitsby({ ...time, webhookUrl: receiver.url });
  const silent = '1c48b092-9878-48f5-b441-07a8a48e7b54';
  await bitsby.putProject({}, silent);
  await bitsby.act((await bitsby.create({ projectId: silent })).uid, 'pay');
  await bitsby.create({ serviceData: 'expires', timeToPay: '0.5' });
  const canceled = await bitsby.create({ serviceData: 'canceled' });
  await bitsby.data('/invoices/cancel', { invoiceId: canceled.id });
  const late = await bitsby.create({ serviceData: 'late', timeToPay: '1' });
  const short = await bitsby.create({ serviceData: 'short', timeToPay: '1' });
  const { payment } = await bitsby.act(short.uid, 'pay', { amount: 'short' });
  time.advance(hour);
  await bitsby.act(late.uid, 'pay', { bind: true });
  await receiver.arrived(1);
  await bitsby.data('/invoices/bindPayment', { invoiceId: short.id, paymentId: payment.id });
  await receiver.arrived(2);
  expect(paidFor(receiver)).toEqual(['late', 'short']);
});

test('retries by the documented ladder, each after the last failure, with one body; then stops', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using bitsby = await startBitsby({ ...time, webhookUrl: receiver.url });
  receiver.answerWith((ordinal) => [500, 302, 204, 201][ordinal % 4] ?? 500);
  await bitsby.act((await bitsby.create()).uid, 'pay');
  for (const [failures, delayMs] of ladder.entries()) {
    await receiver.arrived(failures + 1);
    await time.waitingFor(delayMs);
    time.advance(delayMs - 1);
    expect(receiver.received).toHaveLength(failures + 1);
    time.advance(1);
  }
  await receiver.arrived(9);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);

  // Whatever is left of the first to come would come before what is paid last.
  receiver.answerWith(() => 200);
  await bitsby.act((await bitsby.create({ serviceData: 'second' })).uid, 'pay');
  await receiver.arrived(10);
  time.advance(100 * hour);
  await bitsby.act((await bitsby.create({ serviceData: 'third' })).uid, 'pay');
  await receiver.arrived(11);
  expect(paidFor(receiver).slice(9)).toEqual(['second', 'third']);
});

test('200 is the end of it', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using bitsby = await startBitsby({ ...time, webhookUrl: receiver.url });
  receiver.answerWith((ordinal) => (ordinal === 1 ? 204 : 200));
  await bitsby.act((await bitsby.create()).uid, 'pay');
  await time.waitingFor(5 * minute);
  time.advance(5 * minute);
  await receiver.arrived(2);
  time.advance(100 * hour);
  await bitsby.act((await bitsby.create({ serviceData: 'next' })).uid, 'pay');
  await receiver.arrived(3);
  expect(paidFor(receiver)).toEqual([null, null, 'next']);
});

test('a retry goes to the URL that the project has by then', async () => {
  const time = createManualTime();
  await using first = await startReceiver();
  await using second = await startReceiver();
  await using bitsby = await startBitsby({ ...time, webhookUrl: first.url });
  first.answerWith(() => 500);
  await bitsby.act((await bitsby.create()).uid, 'pay');
  await time.waitingFor(5 * minute);
  await bitsby.putProject({ webhookUrl: second.url });
  time.advance(5 * minute);
  await second.arrived(1);
  expect(second.received[0]?.body).toBe(first.received[0]?.body);
});

test('accounts, invoices, payments, rates and pending webhooks survive a restart', async () => {
  using folder = temporaryFolder();
  await using receiver = await startReceiver();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime();
  receiver.answerWith(() => 500);
  const look = async (bitsby: Awaited<ReturnType<typeof startBitsby>>) => ({
    invoices: await bitsby.data('/invoices/list'),
    payments: await bitsby.data('/payments/list'),
    balances: await bitsby.data('/billing/balances'),
    tariffs: await bitsby.data('/billing/tarrifs'),
    rates: await bitsby.control('GET', '/rates'),
    projects: await bitsby.control('GET', '/projects'),
    all: await bitsby.control('GET', '/invoices'),
  });

  const setUp = async () => {
    await using bitsby = await startBitsby({ ...time, env, webhookUrl: receiver.url });
    await bitsby.control('PUT', '/rates', { fiat: { EUR: '1.2' } });
    const { uid } = await bitsby.create({ serviceData: 'kept' });
    await bitsby.create();
    await bitsby.act(uid, 'pay');
    await bitsby.act(uid, 'pay', { wallet: 'btc', amount: 'short' });
    await time.waitingFor(5 * minute);
    return await look(bitsby);
  };
  const before = await setUp();
  time.advance(minute);
  await using bitsby = await startBitsby({ ...time, env, webhookUrl: receiver.url });
  expect(await look(bitsby)).toStrictEqual(before);
  const amounts = [await bitsby.create(), await bitsby.create()].map(
    ({ wallets }) => wallets[0]?.amountCrypto,
  );
  // 12.67 is still expected for the invoice that nobody paid.
  expect(amounts).toEqual(['12.66000000', '12.68000000']);

  receiver.answerWith(() => 200);
  await time.waitingFor(4 * minute);
  expect(receiver.received).toHaveLength(1);
  time.advance(4 * minute);
  await receiver.arrived(2);
  expect(paidFor(receiver)).toEqual(['kept', 'kept']);
});

const webhook = 'bitsby.invoice.paid';

test.each([
  ['webhook_duplicate', ['first', 'first']],
  ['webhook_drop', ['second', 'first']],
  ['webhook_delay', ['second', 'first']],
  ['webhook_reorder', ['second', 'first']],
])('%s makes deliveries %j', async (fault, delivered) => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using bitsby = await startBitsby({ ...time, webhookUrl: receiver.url });
  await bitsby.started.putFaults({ script: [{ fault, match: webhook }] });
  await bitsby.act((await bitsby.create({ serviceData: 'first' })).uid, 'pay');
  if (fault !== 'webhook_duplicate') {
    await time.waitingFor(fault === 'webhook_drop' ? 5 * minute : 2_000);
    await bitsby.act((await bitsby.create({ serviceData: 'second' })).uid, 'pay');
    await receiver.arrived(1);
    if (fault !== 'webhook_reorder') time.advance(5 * minute);
  }
  await receiver.arrived(2);
  expect(paidFor(receiver)).toEqual(delivered);
  await eventually(() => bitsby.started.sandbox.faults.report().injected.length === 1);
});
