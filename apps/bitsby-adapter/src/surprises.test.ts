import { expect, test } from 'vitest';
import { withAdapter } from './adapter-under-test.ts';
import { dataOf } from './read-under-test.ts';

const success = (data: unknown) => ({ body: JSON.stringify({ result: 'success', data }) });

const strange = [
  { commissionFiatUSD: null },
  { amountFiatUSD: null },
  { commissionFiatUSD: {} },
  { wallets: null },
  { views: null },
  { views: '3' },
  { createDatetime: undefined },
  { createDatetime: 'yesterday' },
];

test.each(strange)('a create is a create with %j', (change) =>
  withAdapter(async ({ provider, order, answer, invoices }) => {
    await provider.open(order());
    const [made] = await invoices();
    const invoice = { ...made?.invoice, url: 'https://dash.bitsby.app/x' };
    answer('/invoices/create', success({ ...invoice, ...change }));
    const { observation } = await provider.open(order());
    expect(observation.ref).toBe(made?.invoice.id);
    expect(observation.facts).toMatchObject([{ state: 'awaiting' }, { kind: 'ends' }]);
  }),
);

test.each(strange)('a look is a look with %j, and takes away nothing that is known', (change) =>
  withAdapter(async ({ provider, order, answer, invoices }) => {
    const { observation } = await provider.open(order());
    const known = dataOf(observation);
    expect(known).toMatchObject({ commissionFiatUSD: '0.21', wallets: expect.any(Array) });
    const [made] = await invoices();
    answer('/invoices/list', success([{ ...made?.invoice, ...change }]));
    const { observations } = await provider.find({
      by: 'ref',
      ref: observation.ref ?? '',
      object: observation.providerData,
      hints: [],
      isUrgent: false,
    });
    expect(observations[0]?.facts).toMatchObject([{ state: 'awaiting' }, { kind: 'ends' }]);
    const { commissionFiatUSD, amountFiatUSD, wallets, createDatetime } = known;
    expect(dataOf(observations[0])).toMatchObject({
      commissionFiatUSD,
      amountFiatUSD,
      wallets,
      createDatetime,
    });
  }),
);

test('a payment is a payment though its wallet cannot be read', () =>
  withAdapter(async ({ provider, order, answer, payWith, later }) => {
    const ref = (await provider.open(order())).observation.ref ?? '';
    await payWith(ref, { amount: 'exact' });
    later();
    const payment = { id: 'p1', amount: '20.50', hash: 'h' };
    const transactionDatetime = '2026-01-01 12:00:00';
    const wallet = { id: 7, name: null };
    answer(
      '/payments/list',
      success([{ ...payment, transactionDatetime, wallet, invoice: { id: ref } }]),
    );
    const { observations } = await provider.find({
      by: 'ref',
      ref,
      object: null,
      hints: [],
      isUrgent: false,
    });
    expect(observations[0]?.facts.at(-1)).toMatchObject({
      money: { amount: 2050 },
      crypto: { hash: 'h', wallet: null },
    });
  }));

test('what has expired had not before its end, though our clock is behind', () => {
  let now = 1_800_000_000_000;
  return withAdapter(
    async ({ provider, order, answer, invoices }) => {
      const ref = (await provider.open(order())).observation.ref ?? '';
      const end = now + 6 * 3_600_000;
      const [made] = await invoices();
      const seenAt = async (time: number) => {
        now = time;
        answer('/invoices/list', success([{ ...made?.invoice, status: 'expired' }]));
        const known = { ref, object: null, hints: [], isUrgent: false };
        const { observations } = await provider.find({ by: 'ref', ...known });
        return Date.parse(observations[0]?.occurredAt ?? '') - end;
      };
      expect(await seenAt(end - 120_000)).toBe(0);
      expect(await seenAt(end + 1)).toBe(1);
    },
    { clock: () => now },
  );
});
