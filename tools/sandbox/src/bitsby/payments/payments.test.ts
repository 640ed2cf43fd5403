import { expect, test } from 'vitest';
import { startBitsby } from '../../testing/bitsby.ts';
import { createManualTime } from '../../testing/manual-time.ts';

const hour = 3_600_000;
const usd = { amountFiat: '10', currencyFiat: 'USD' };

const amountOn = (
  { wallets }: { wallets: { name: string; amountCrypto: string }[] },
  wallet: string,
): string | undefined => wallets.find(({ name }) => name === wallet)?.amountCrypto;

test.each(['usdt-tron', 'usdt-bnb', 'eth', 'btc'])(
  'the exact amount on %s pays',
  async (wallet) => {
    const time = createManualTime(Date.UTC(2024, 1, 27, 21, 5, 36, 500));
    await using bitsby = await startBitsby(time);
    const invoice = await bitsby.create();
    const { payment } = await bitsby.act(invoice.uid, 'pay', { wallet });
    expect(payment).toMatchObject({ amount: amountOn(invoice, wallet), isBound: true });
    const [listed] = await bitsby.list('/invoices/list');
    expect(listed).toMatchObject({ id: invoice.id, status: 'paid' });
    const reserved = invoice.wallets.find(({ name }) => name === wallet);
    expect(await bitsby.data('/payments/list')).toStrictEqual([
      {
        id: payment.id,
        amount: amountOn(invoice, wallet),
        hash: expect.stringMatching(/^(0x)?[0-9a-f]{64}$/),
        transactionDatetime: '2024-02-27 21:05:36',
        invoice: listed,
        wallet: {
          id: reserved?.id,
          name: wallet,
          blockchain: expect.any(String),
          cryptocurrency: expect.any(String),
          address: expect.any(String),
        },
      },
    ]);
  },
);

test.each([
  ['short', '9.00000000', '9.00'],
  ['over', '11.00000000', '11.00'],
  ['10.5', '10.50000000', '10.50'],
  ['9.99999999', '9.99999999', '10.00'],
])('%s is listed unbound, and pays once the seller binds it', async (amount, paid, value) => {
  await using bitsby = await startBitsby(createManualTime());
  const { id, uid } = await bitsby.create(usd);
  const { invoice, payment } = await bitsby.act(uid, 'pay', { amount });
  expect(invoice.status).toBe('unpaid');
  expect(payment).toMatchObject({ amount: paid, calcAmountFiat: value, isBound: false });
  expect(await bitsby.data('/payments/list')).toStrictEqual([
    {
      id: payment.id,
      amount: paid,
      hash: payment.hash,
      transactionDatetime: '2026-01-01 00:00:00',
    },
  ]);
  expect(await bitsby.data('/payments/list', { invoiceId: id })).toEqual([]);

  const both = { invoiceId: id, paymentId: payment.id };
  expect(await bitsby.data('/invoices/bindPayment', both)).toBe('Invoice binded to payment');
  expect(await bitsby.data('/payments/list', { invoiceId: id })).toMatchObject([
    { id: payment.id, invoice: { id, status: 'paid' }, wallet: { name: 'usdt-tron' } },
  ]);
  expect(await bitsby.refusal('/invoices/bindPayment', both)).toBe(
    'paymentId: payment is already bound',
  );
});

test('what comes too late is listed unbound, and binding pays even then', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const { id, uid } = await bitsby.create();
  time.advance(6 * hour);
  const { invoice, payment } = await bitsby.act(uid, 'pay');
  expect([invoice.status, payment.isBound]).toEqual(['expired', false]);
  await bitsby.data('/invoices/bindPayment', { invoiceId: id, paymentId: payment.id });
  expect(await bitsby.data('/invoices/list')).toMatchObject([{ id, status: 'paid' }]);
});

test('a second payment of a paid invoice stays unbound, and cannot be bound to it', async () => {
  await using bitsby = await startBitsby();
  const { id, uid } = await bitsby.create();
  await bitsby.act(uid, 'pay');
  const { payment } = await bitsby.act(uid, 'pay');
  expect(payment.isBound).toBe(false);
  expect(
    await bitsby.refusal('/invoices/bindPayment', { invoiceId: id, paymentId: payment.id }),
  ).toBe('invoiceId: invoice is paid');
});

test('the seller binds at once where asked to', async () => {
  await using bitsby = await startBitsby();
  const { uid } = await bitsby.create();
  const { invoice, payment } = await bitsby.act(uid, 'pay', { amount: 'short', bind: true });
  expect([invoice.status, payment.isBound]).toEqual(['paid', true]);
  const refused = await bitsby.control('POST', `/invoices/${uid}/pay`, { bind: true });
  expect(refused).toEqual({
    status: 400,
    body: { error: { message: 'invoiceId: invoice is paid', issues: [] } },
  });
  expect(await bitsby.data('/payments/list')).toHaveLength(1);
});

test('a canceled invoice cannot be paid by binding', async () => {
  await using bitsby = await startBitsby();
  const { id, uid } = await bitsby.create();
  await bitsby.data('/invoices/cancel', { invoiceId: id });
  const { payment } = await bitsby.act(uid, 'pay');
  expect(payment.isBound).toBe(false);
  const both = { invoiceId: id, paymentId: payment.id };
  expect(await bitsby.refusal('/invoices/bindPayment', both)).toBe(
    'invoiceId: invoice is canceled',
  );
});

test('no two unpaid invoices expect one amount on one wallet', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const made = await Promise.all(Array.from({ length: 20 }, () => bitsby.create(usd)));
  for (const wallet of ['usdt-tron', 'usdt-bnb', 'eth', 'btc']) {
    expect(new Set(made.map((invoice) => amountOn(invoice, wallet))).size).toBe(20);
  }
  const amounts = made.map((invoice) => amountOn(invoice, 'usdt-tron'));
  expect(amounts).toEqual(expect.arrayContaining(['10.00000000', '10.07000000', '10.19000000']));
  for (const invoice of made.toReversed()) {
    const { payment } = await bitsby.act(invoice.uid, 'pay');
    expect(payment).toMatchObject({ isBound: true, amount: amountOn(invoice, 'usdt-tron') });
  }
  expect(amountOn(await bitsby.create(usd), 'usdt-tron')).toBe('10.00000000');
});

test('amounts are free again once an invoice is canceled or expired', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const { id } = await bitsby.create(usd);
  await bitsby.data('/invoices/cancel', { invoiceId: id });
  const expiring = await bitsby.create({ ...usd, timeToPay: '0.5' });
  expect(amountOn(expiring, 'usdt-tron')).toBe('10.00000000');
  time.advance(hour);
  const next = await bitsby.create(usd);
  expect(amountOn(next, 'usdt-tron')).toBe('10.00000000');
  await bitsby.act(expiring.uid, 'pay');
  expect(await bitsby.data('/invoices/list')).toMatchObject([
    { id: next.id, status: 'paid' },
    { id: expiring.id, status: 'expired' },
    { id, status: 'canceled' },
  ]);
});

test('a transaction pays whichever invoice expects its amount; too little or too much never happens to', async () => {
  await using bitsby = await startBitsby();
  const ten = await bitsby.create(usd);
  const nine = await bitsby.create({ ...usd, amountFiat: '9' });
  const { payment } = await bitsby.act(ten.uid, 'pay', { amount: 'short' });
  expect(payment).toMatchObject({ amount: '9.01000000', isBound: false });
  await bitsby.act(ten.uid, 'pay', { amount: '9' });
  expect(await bitsby.data('/invoices/list')).toMatchObject([
    { id: nine.id, status: 'paid' },
    { id: ten.id, status: 'unpaid' },
  ]);
});

test('what came in is valued at the rates of its moment, not of the invoice or of the binding', async () => {
  await using bitsby = await startBitsby();
  const { id, uid } = await bitsby.create({ amountFiat: '100', currencyFiat: 'EUR' });
  await bitsby.control('PUT', '/rates', { crypto: { eth: '3126.51' } });
  const { payment } = await bitsby.act(uid, 'pay', { wallet: 'eth', amount: 'over' });
  expect(payment.calcAmountFiat).toBe('99.00');
  await bitsby.control('PUT', '/rates', { fiat: { EUR: '2' } });
  const { invoice, payments } = await bitsby.act(uid, 'bind', { paymentId: payment.id });
  expect(invoice).toMatchObject({ id, status: 'paid', amountFiatUSD: '108.53' });
  expect(payments).toMatchObject([{ calcAmountFiat: '99.00' }]);
});

test.each([
  [{ wallet: 'doge' }, 'wallet: wallet not found'],
  [{ amount: '0' }, 'The body is not valid.'],
  [{ amount: '1e3' }, 'The body is not valid.'],
  [{ amount: '0.000000001' }, 'The body is not valid.'],
  [{ speed: 1 }, 'The body is not valid.'],
])('paying with %j is refused', async (body, message) => {
  await using bitsby = await startBitsby();
  const { uid } = await bitsby.create();
  const answer = await bitsby.control('POST', `/invoices/${uid}/pay`, body);
  expect(answer).toMatchObject({ status: 400, body: { error: { message } } });
  expect(await bitsby.data('/payments/list')).toEqual([]);
});

test('payments are filtered by wallet and day, newest first', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const { uid, wallets } = await bitsby.create({ timeToPay: '12' });
  const ids: string[] = [];
  for (const wallet of ['usdt-tron', 'btc', 'btc']) {
    ids.unshift((await bitsby.act(uid, 'pay', { wallet, amount: 'short' })).payment.id);
    time.advance(11 * hour);
  }
  const shown = async (fields: Record<string, string>): Promise<unknown[]> =>
    (await bitsby.list('/payments/list', fields)).map(({ id }) => id);
  const btc = wallets.find(({ name }) => name === 'btc')?.id ?? '';
  expect(await shown({})).toEqual(ids);
  expect(await shown({ walletId: btc })).toEqual(ids.slice(0, 2));
  expect(await shown({ endDate: '2026-01-01' })).toEqual(ids);
  expect(await shown({ startDate: '2026-01-02' })).toEqual([]);
  expect(await shown({ offset: '1', limit: '1' })).toEqual([ids[1]]);
  const other = 'another0account0key';
  expect(await bitsby.data('/payments/list', {}, other)).toEqual([]);
  await bitsby.putProject({ apiKey: other }, '1c48b092-9878-48f5-b441-07a8a48e7b54');
  const theirs = await bitsby.create({ projectId: '1c48b092-9878-48f5-b441-07a8a48e7b54' }, other);
  const both = { invoiceId: theirs.id, paymentId: ids[0] ?? '' };
  expect(await bitsby.refusal('/invoices/bindPayment', both, other)).toBe(
    'paymentId: payment not found',
  );
  expect(
    await bitsby.control('POST', `/invoices/${theirs.uid}/bind`, { paymentId: ids[0] }),
  ).toMatchObject({
    status: 400,
  });
});
