import { expect, test } from 'vitest';
import { createManualTime } from '../testing/manual-time.ts';
import { payer, seller, startBbp } from './bbp-under-test.ts';

const second = { id: 600_600_600, pin: '9999' };

test('of payers at once exactly one is charged', async () => {
  await using bbp = await startBbp();
  await bbp.putUser(second.id, { pin: second.pin, balance: 100 });
  const invoiceId = await bbp.invoice();
  const answers = await Promise.all(
    [payer, second].flatMap(({ id, pin }) => [
      bbp.post('send', { fromUser: id, pin, invoiceId }),
      bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: id, by: 'chat' }),
    ]),
  );
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(texts.filter((text) => text.includes('already been paid'))).toHaveLength(3);
  const left = new Set([await bbp.balanceOf(payer.id), await bbp.balanceOf(second.id)]);
  expect(left).toEqual(new Set([100, 90]));
  expect(await bbp.balanceOf(seller.id)).toBe(10);
});

test.each([
  ['chat', 100],
  ['qr', 100],
])('by %s a payer can spend the last point', async (by, amount) => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice({ amount });
  const paid = await bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: payer.id, by });
  expect(paid.status).toBe(200);
  expect([await bbp.balanceOf(payer.id), await bbp.balanceOf(seller.id)]).toEqual([0, 100]);
});

test('with a gap two payers are both charged, and the last is the one who paid', async () => {
  const time = createManualTime();
  await using bbp = await startBbp(time);
  await bbp.putUser(second.id, { pin: second.pin, balance: 100 });
  await bbp.control('PUT', '/settings', { paymentGapMs: 300 });
  const invoiceId = await bbp.invoice();
  const slow = bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: payer.id, by: 'chat' });
  await time.waitingFor(300);
  await bbp.control('PUT', '/settings', { paymentGapMs: 500 });
  const late = bbp.ask('send', { fromUser: second.id, pin: second.pin, invoiceId });
  await time.waitingFor(500);
  time.advance(300);
  expect((await slow).status).toBe(200);
  expect(await bbp.balanceOf(second.id)).toBe(100);
  time.advance(200);
  expect(await late).toMatchObject({ status: 'success' });
  expect([
    await bbp.balanceOf(payer.id),
    await bbp.balanceOf(second.id),
    await bbp.balanceOf(seller.id),
  ]).toEqual([90, 90, 20]);
  expect(await bbp.ask('invoice-status', { invoiceId, pin: seller.pin })).toMatchObject({
    invoice: { status: 'paid', paidBy: second.id },
  });
});

test('what the payer no longer has after the gap is not charged', async () => {
  const time = createManualTime();
  await using bbp = await startBbp(time);
  await bbp.control('PUT', '/settings', { paymentGapMs: 300 });
  const invoiceId = await bbp.invoice();
  const paying = bbp.control('POST', `/invoices/${invoiceId}/pay`, {
    userId: payer.id,
    by: 'chat',
  });
  await time.waitingFor(300);
  await bbp.putUser(payer.id, { pin: payer.pin, balance: 9 });
  time.advance(300);
  const answer = await paying;
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { error: { message: 'The bot failed: ResLib: not enough resources.' } },
  ]);
  expect([await bbp.balanceOf(payer.id), await bbp.balanceOf(seller.id)]).toEqual([9, 0]);
  expect(await bbp.ask('invoice-status', { invoiceId, pin: seller.pin })).toMatchObject({
    invoice: { status: 'unpaid' },
  });
});
