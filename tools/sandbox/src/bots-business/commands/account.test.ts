import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { jsonOf, payer, seller, startBbp } from '../bbp-under-test.ts';

test('shows balance, QR code and the last five transactions to anybody, newest first', async () => {
  await using bbp = await startBbp(createManualTime(Date.UTC(2026, 2, 6, 14, 30)));
  for (const amount of [1, 2, 3, 4, 5]) {
    await bbp.ask('send', { fromUser: payer.id, pin: payer.pin, toUser: seller.id, amount });
  }
  const invoiceId = await bbp.invoice({ amount: '10' });
  await bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: payer.id, by: 'chat' });

  const sent = (amount: number) => ({
    amount,
    with: payer.id,
    note: 'No note provided.',
    date: '06/03/2026',
    type: 'online pay',
    direction: 'credit',
  });
  expect(
    await jsonOf(bbp.get('account', { user_id: String(seller.id), user_name: 'Shop' })),
  ).toEqual({
    status: 'success',
    balance: 25,
    qr_code: `https://quickchart.io/qr?text=${encodeURIComponent('{"userId": 7378059553, "title": "Shop"}')}`,
    total: '24.00',
    transactions: [
      {
        ...sent(10),
        note: 'Payment for test',
        type: 'invoice payment',
      },
      ...[5, 4, 3, 2].map(sent),
    ],
  });
  expect(await bbp.ask('account', { user_id: payer.id })).toMatchObject({
    balance: 75,
    transactions: [{ direction: 'debit', with: seller.id }, {}, {}, {}, {}],
  });
});

test('knows everybody, but must be told whom', async () => {
  await using bbp = await startBbp();
  expect(await bbp.ask('account', { user_id: 1 })).toMatchObject({
    status: 'success',
    balance: 0,
    qr_code: expect.stringContaining(encodeURIComponent('"title": "1"')),
    total: '0.00',
    transactions: [],
  });
  expect(await bbp.ask('account', { user_name: 'x' })).toEqual({
    status: 'error',
    msg: "The 'user_id' and 'user_name' both parameters are required.",
  });
});
