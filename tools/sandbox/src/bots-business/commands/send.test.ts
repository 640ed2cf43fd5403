import { expect, test } from 'vitest';
import { payer, seller, startBbp, type StartedBbp } from '../bbp-under-test.ts';

const from = { fromUser: payer.id, pin: payer.pin };

const balances = async (bbp: StartedBbp): Promise<unknown[]> => [
  await bbp.balanceOf(payer.id),
  await bbp.balanceOf(seller.id),
];

test('sends points to a user', async () => {
  await using bbp = await startBbp();
  expect(await bbp.ask('send', { ...from, toUser: seller.id, amount: 5 })).toEqual({
    status: 'success',
    msg: '✅ Transaction completed successfully! Sent 5 BBP to user ID: 7378059553.',
  });
  expect(await balances(bbp)).toEqual([95, 5]);
});

test('pays an invoice by GET, whoever else is named', async () => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice({ amount: '10' });
  const answer = await bbp.get('send', {
    fromUser: String(payer.id),
    pin: payer.pin,
    invoiceId,
    toUser: '1',
    amount: '99',
  });
  expect(await answer.json()).toEqual({
    status: 'success',
    msg: '✅ Transaction completed successfully! Sent 10 BBP to user ID: 7378059553.',
  });
  expect(await balances(bbp)).toEqual([90, 10]);
  expect(await bbp.ask('send', { ...from, invoiceId })).toEqual({
    status: 'error',
    msg: '❌ This invoice has already been paid.',
  });
  expect(await balances(bbp)).toEqual([90, 10]);
});

test('the sender of points to a stranger need not wait for them to come', async () => {
  await using bbp = await startBbp();
  await bbp.ask('send', { ...from, toUser: '42', amount: '1.5' });
  expect(await bbp.balanceOf(42)).toBe(1.5);
});

const required = 'Missing required parameters: fromUser and pin are required.';

test.each([
  [{ fromUser: payer.id, toUser: String(payer.id) }, '❌ You cannot send BBP to yourself.'],
  [{ fromUser: undefined, toUser: undefined }, '❌ You cannot send BBP to yourself.'],
  [{ fromUser: undefined }, required],
  [{ pin: '' }, required],
  [{ amount: 0 }, 'Missing required parameter: amount is required when toUser is provided.'],
  [{ fromUser: 1 }, '❌ Your pin is not set. Use /setPin <6 digit pin> to set your pin.'],
  [{ pin: 4321 }, '❌ Incorrect pin. Retrieve it with /myPin command.'],
  [{ pin: 'wrong' }, '❌ Incorrect pin. Retrieve it with /myPin command.'],
  [{ amount: 101 }, '❌ Insufficient BBP. Your current balance is 100 💎.'],
  [{ invoiceId: 'invoice-00000000' }, 'Invalid invoiceId.'],
])('%o is refused: %s', async (params, msg) => {
  await using bbp = await startBbp();
  const answer = await bbp.post('send', { ...from, toUser: seller.id, amount: 5, ...params });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'error', msg });
  expect(await balances(bbp)).toEqual([100, 0]);
});

test('an invoice is looked at before the PIN, and paying one without fromUser is "to yourself"', async () => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice();
  expect(await bbp.ask('send', { invoiceId: 'x', fromUser: payer.id, pin: 'wrong' })).toEqual({
    status: 'error',
    msg: 'Invalid invoiceId.',
  });
  expect(await bbp.ask('send', { invoiceId, pin: payer.pin })).toEqual({
    status: 'error',
    msg: '❌ You cannot send BBP to yourself.',
  });
});

test('the creator can pay the own invoice', async () => {
  await using bbp = await startBbp();
  await bbp.putUser(seller.id, { pin: seller.pin, balance: 20 });
  const invoiceId = await bbp.invoice();
  await bbp.ask('send', { fromUser: seller.id, pin: seller.pin, invoiceId });
  expect(await bbp.ask('invoice-status', { invoiceId, pin: seller.pin })).toMatchObject({
    invoice: { status: 'paid', paidBy: seller.id },
  });
  expect(await balances(bbp)).toEqual([100, 20]);
});

test.each([[-5], ['abc'], ['0']])(
  'an invoice of %j cannot be paid: the bot fails, and nothing has moved',
  async (amount) => {
    await using bbp = await startBbp();
    const invoiceId = await bbp.invoice({ amount });
    const answer = await bbp.post('send', { ...from, invoiceId });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { status: 404, error: 'No content' },
    ]);
    expect(await balances(bbp)).toEqual([100, 0]);
    expect(await bbp.ask('invoice-status', { invoiceId, pin: seller.pin })).toMatchObject({
      invoice: { status: 'unpaid' },
    });
  },
);
