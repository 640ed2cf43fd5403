import { expect, test } from 'vitest';
import { bitsbyKey, bitsbyProjectId, startBitsby } from '../../testing/bitsby.ts';
import { createManualTime } from '../../testing/manual-time.ts';

const day = 24 * 3_600_000;
/** A Wednesday. */
const wednesday = Date.UTC(2026, 0, 7, 12);

const paid = (amountFiat: string) => ({ amountFiat, currencyFiat: 'USD' });

test('commission is taken once at the end of the day, for what was paid', async () => {
  const time = createManualTime(wednesday);
  await using bitsby = await startBitsby(time);
  for (const amount of ['100', '20.50', '3.49']) {
    await bitsby.act((await bitsby.create(paid(amount))).uid, 'pay');
  }
  await bitsby.create(paid('5000'));
  time.advance(day / 2 - 1);
  const balances = () => bitsby.data('/billing/balances');
  expect(await balances()).toStrictEqual({ internal: '100.00', partner: '0.00' });
  expect(await bitsby.data('/billing/history')).toEqual([]);

  time.advance(1);
  // 1.00 + 0.205 and 0.0349, each rounded half up to cents.
  expect(await balances()).toStrictEqual({ internal: '98.76', partner: '0.00' });
  time.advance(3 * day);
  expect(await balances()).toMatchObject({ internal: '98.76' });
  expect(await bitsby.data('/billing/history')).toStrictEqual([
    {
      datetime: '2026-01-07 23:59:59',
      event: 'other',
      target: 'internal',
      amount: '-1.24',
      comment: `Commission of project ${bitsbyProjectId} for 2026-01-07: 3 paid`,
    },
  ]);
});

test('each day has its entry, newest first, and each account its history', async () => {
  const time = createManualTime(wednesday);
  await using bitsby = await startBitsby(time);
  for (const amount of ['100', '200', '300']) {
    const { uid } = await bitsby.create(paid(amount));
    await bitsby.act(uid, 'pay');
    time.advance(day);
  }
  expect(await bitsby.data('/billing/history', { limit: '2' })).toMatchObject([
    { datetime: '2026-01-09 23:59:59', amount: '-3.00' },
    { datetime: '2026-01-08 23:59:59', amount: '-2.00' },
  ]);
  expect(await bitsby.data('/billing/history', { offset: '2' })).toMatchObject([
    { datetime: '2026-01-07 23:59:59', amount: '-1.00' },
  ]);
  expect(await bitsby.data('/billing/history', {}, 'another0account0key')).toEqual([]);
});

test('a negative balance forbids creating until it is made good', async () => {
  const time = createManualTime(wednesday);
  await using bitsby = await startBitsby(time);
  const set = (internal: string) =>
    bitsby.control('PUT', '/balance', { apiKey: bitsbyKey, internal });
  await set('0.99');
  await bitsby.act((await bitsby.create(paid('100'))).uid, 'pay');
  await bitsby.create();
  time.advance(day);
  expect(await bitsby.data('/billing/balances')).toMatchObject({ internal: '-0.01' });
  expect(
    await bitsby.refusal('/invoices/create', {
      projectId: bitsbyProjectId,
      ...paid('1'),
      timeToPay: '1',
    }),
  ).toBe('Creating invoices is forbidden while the internal balance is negative');
  expect(await set('0.00')).toEqual({ status: 200, body: { apiKey: bitsbyKey, internal: '0.00' } });
  await bitsby.create();
  expect(await bitsby.data('/billing/history')).toMatchObject([
    { amount: '0.01', comment: 'Set in the sandbox' },
    { amount: '-1.00' },
    { amount: '-99.01', comment: 'Set in the sandbox' },
  ]);
});

test.each([
  ['999.49', '999.99', '1.00'],
  ['999.50', '1000.00', '0.90'],
  ['4999.50', '5000.00', '0.80'],
  ['9999.50', '10000.00', '0.70'],
  ['49999.50', '50000.00', '0.60'],
  ['99999.50', '100000.00', '0.50'],
])(
  'receipts of %s and 0.50, %s USD in 30 days, make the rate %s from Monday on',
  async (first, received, rate) => {
    // Saturday, January 3rd.
    const time = createManualTime(wednesday - 4 * day);
    await using bitsby = await startBitsby(time);
    await bitsby.control('PUT', '/balance', { apiKey: bitsbyKey, internal: '5000' });
    for (const amount of [first, '0.50']) {
      await bitsby.act((await bitsby.create(paid(amount))).uid, 'pay');
    }
    const tariff = async (): Promise<unknown> => (await bitsby.list('/billing/tarrifs'))[0];
    const common = { id: bitsbyProjectId, name: 'My project', payer: 'seller' };
    const before = { ...common, '30dPayments': '0.00', rate: '1.00' };
    const after = { ...common, '30dPayments': received, rate };
    time.advance(1.5 * day - 1);
    expect(await tariff()).toStrictEqual(before);
    time.advance(1);
    expect(await tariff()).toStrictEqual(after);
    expect((await bitsby.create(paid('1000'))).commissionFiatUSD).toBe(
      (Number(rate) * 10).toFixed(2),
    );
    // To Monday, February 2nd: January 3rd is the first of the 30 days before it.
    time.advance(28 * day);
    expect(await tariff()).toStrictEqual(after);
    time.advance(7 * day);
    expect(await tariff()).toStrictEqual(before);
  },
);

test('a buyer who pays the commission pays it on top, a seller out of the balance alone', async () => {
  await using bitsby = await startBitsby();
  const usdt = async (): Promise<string | undefined> =>
    (await bitsby.create(paid('100'))).wallets[0]?.amountCrypto;
  expect(await usdt()).toBe('100.00000000');
  await bitsby.putProject({ commissionPayer: 'buyer' });
  expect(await usdt()).toBe('101.00000000');
  expect(await bitsby.data('/billing/tarrifs')).toMatchObject([{ payer: 'buyer' }]);
});
