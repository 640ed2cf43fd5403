import { expect, test } from 'vitest';
import { jsonOf, payer, seller, startBbp } from '../bbp-under-test.ts';

const { pin } = seller;

test('shows what the source shows: no links, and a text for nobody', async () => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice({ amount: '10' });
  const shown = {
    invoiceId,
    title: 'Test Payment',
    amount: '10',
    description: 'Payment for test',
    status: 'unpaid',
    paidBy: 'Not yet paid',
  };
  const answer = await bbp.get('invoice-status', { invoiceId, pin });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(JSON.stringify({ status: 'success', invoice: shown }));

  await bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: payer.id, by: 'chat' });
  expect(await bbp.ask('invoice-status', { invoiceId, pin })).toEqual({
    status: 'success',
    invoice: { ...shown, status: 'paid', paidBy: payer.id },
  });
});

test('whoever pays by API is shown in the type that they sent', async () => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice();
  await bbp.get('send', { fromUser: String(payer.id), pin: payer.pin, invoiceId });
  expect(await bbp.ask('invoice-status', { invoiceId, pin })).toMatchObject({
    invoice: { status: 'paid', paidBy: String(payer.id), amount: 10 },
  });
});

test('by a setting it shows what the documentation shows', async () => {
  await using bbp = await startBbp();
  await bbp.control('PUT', '/settings', { invoiceStatus: 'documented' });
  const invoiceId = await bbp.invoice();
  const whole = await jsonOf(bbp.control('GET', `/invoices/${invoiceId}`));
  expect(whole).toMatchObject({ paidBy: null, payLink: expect.any(String) });
  expect(await bbp.ask('invoice-status', { invoiceId, pin })).toEqual({
    status: 'success',
    invoice: whole,
  });
  await bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: payer.id, by: 'chat' });
  expect(await bbp.ask('invoice-status', { invoiceId, pin })).toEqual({
    status: 'error',
    msg: 'Invoice has been paid already.',
  });
});

test.each([
  [{ invoiceId: undefined }, 'Missing required parameters: invoiceId and pin are required.'],
  [{ pin: '' }, 'Missing required parameters: invoiceId and pin are required.'],
  [{ invoiceId: 'invoice-00000000' }, 'Invalid invoiceId. Invoice not found.'],
  [{ invoiceId: `${seller.id}` }, 'Invalid invoiceId. Invoice not found.'],
  [{ pin: payer.pin }, '❌ Incorrect pin provided.'],
  [{ pin: 123_456 }, '❌ Incorrect pin provided.'],
])('%o is refused: %s', async (params, msg) => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice();
  const answer = await bbp.post('invoice-status', { invoiceId, pin, ...params });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'error', msg });
});

test('a creator without a PIN has nobody who may look', async () => {
  await using bbp = await startBbp();
  const invoiceId = await bbp.invoice();
  await bbp.putUser(seller.id);
  expect(await bbp.ask('invoice-status', { invoiceId, pin })).toEqual({
    status: 'error',
    msg: "❌ User's pin is not set. Please set a pin first.",
  });
});
