import { expect, test } from 'vitest';
import {
  jsonOf,
  payer,
  seller,
  startBbp,
  type StartedBbp,
} from '../bots-business/bbp-under-test.ts';

const pathOf = (invoiceId: string): string => `/_sandbox/bots-business/invoices/${invoiceId}`;

const press = (
  bbp: StartedBbp,
  invoiceId: string,
  fields: Record<string, string | number>,
): Promise<Response> =>
  bbp.started.call('POST', `${pathOf(invoiceId)}/pay`, {
    body: new URLSearchParams(
      Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]),
    ),
  });

const pageOf = async (bbp: StartedBbp, invoiceId: string): Promise<string> =>
  (await bbp.started.call('GET', pathOf(invoiceId))).text();

test('shows the invoice as the bot does, with everything escaped, and who can pay', async () => {
  await using bbp = await startBbp();
  await bbp.putUser(payer.id, { name: 'Ada <b>', pin: payer.pin, balance: 100 });
  const id = await bbp.invoice({
    title: '<script>alert(1)</script>',
    description: '"><img src=x>',
    amount: '12',
  });
  const page = await pageOf(bbp, id);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  for (const raw of ['<script>', '<img', 'Ada <b>']) expect(page).not.toContain(raw);
  expect(page).toContain('12 BBP');
  expect(page).toContain(`action="${pathOf(id)}/pay"`);
  expect(page).toContain('Ada &lt;b&gt; (519829299): 100 BBP');
});

test('a browser that pays is sent back to the page, which has no button any more', async () => {
  await using bbp = await startBbp();
  const id = await bbp.invoice();
  const paid = await press(bbp, id, { userId: payer.id, by: 'chat' });
  expect([paid.status, paid.headers.get('location')]).toEqual([303, pathOf(id)]);
  const page = await pageOf(bbp, id);
  expect(page).toContain('>paid<');
  expect(page).not.toContain('<button');
  const again = await press(bbp, id, { userId: payer.id, by: 'chat' });
  expect([again.status, again.headers.get('location')]).toEqual([303, pathOf(id)]);
  expect([await bbp.balanceOf(payer.id), await bbp.balanceOf(seller.id)]).toEqual([90, 10]);
});

test('JSON is JSON, whatever curl calls it', async () => {
  await using bbp = await startBbp();
  const id = await bbp.invoice();
  const paid = await bbp.started.call('POST', `${pathOf(id)}/pay`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: JSON.stringify({ userId: payer.id, by: 'chat' }),
  });
  expect(paid.status).toBe(303);
});

test('a browser reads why it cannot pay', async () => {
  await using bbp = await startBbp();
  const id = await bbp.invoice();
  const answer = await press(bbp, id, { userId: seller.id, by: 'chat' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    400,
    'text/html; charset=UTF-8',
  ]);
  expect(await answer.text()).toContain('❌ Insufficient BBP balance.');
});

test.each([
  [{ userId: seller.id, by: 'chat' }, '❌ Insufficient BBP balance.'],
  [{ userId: seller.id, by: 'qr' }, '❌ Insufficient BBP. Your current balance is 0 💎.'],
  [{ userId: 1, by: 'chat' }, '❌ Insufficient BBP balance.'],
  [{ userId: 1, by: 'qr' }, '❌ Your pin is not set. Use /setPin <6 digit pin> to set your pin.'],
])('a program that pays with %o is told: %s', async (payment, message) => {
  await using bbp = await startBbp();
  const id = await bbp.invoice();
  const answer = await bbp.control('POST', `/invoices/${id}/pay`, payment);
  expect([answer.status, await answer.json()]).toEqual([400, { error: { message } }]);
});

test.each([
  ['chat', '❌ This invoice has already been paid.'],
  ['qr', '❌ This invoice has already been paid.'],
])('paid by %s it is paid once', async (by, message) => {
  await using bbp = await startBbp();
  const id = await bbp.invoice();
  const pay = () => bbp.control('POST', `/invoices/${id}/pay`, { userId: payer.id, by });
  expect(await jsonOf(pay())).toMatchObject({ invoiceId: id, status: 'paid', paidBy: payer.id });
  const again = await pay();
  expect([again.status, await again.json()]).toEqual([400, { error: { message } }]);
});

test('an invoice that is not there has no page and cannot be paid', async () => {
  await using bbp = await startBbp();
  const page = await bbp.started.call('GET', pathOf('invoice-00000000'));
  expect([page.status, await page.text()]).toEqual([
    404,
    '⚠️ The invoice you provided is invalid or does not exist.',
  ]);
  const payment = { userId: payer.id, by: 'chat' };
  const paid = await bbp.control('POST', '/invoices/invoice-00000000/pay', payment);
  expect([paid.status, await paid.json()]).toEqual([
    404,
    { error: { message: '❌ Invalid or expired invoice ID.' } },
  ]);
});

test('a user is made, shown and replaced, but for what is not in the body', async () => {
  await using bbp = await startBbp();
  await bbp.ask('update-settings', { userId: seller.id, pin: seller.pin, acceptRequest: false });
  const user = { name: 'Shop', pin: '0000', balance: 7, webhook: 'https://shop.example/hook' };
  expect(await jsonOf(bbp.putUser(seller.id, user))).toEqual({
    id: String(seller.id),
    ...user,
    transactions: [],
  });
  expect(await bbp.ask('settings', { userId: seller.id, pin: '0000' })).toMatchObject({
    acceptRequest: false,
    webhook: 'https://shop.example/hook',
  });
  await bbp.putUser(seller.id, { pin: '0000' });
  expect(await jsonOf(bbp.control('GET', `/users/${seller.id}`))).toMatchObject({
    name: null,
    balance: 0,
    webhook: null,
  });
  expect((await bbp.control('GET', '/users/1')).status).toBe(404);
});

test.each([
  ['/users/7', { pin: '123', balance: -1, webhook: 'ftp://x' }, ['pin', 'balance', 'webhook']],
  ['/users/7', { pin: null, balance: 1.5, webhook: null }, ['balance']],
  ['/settings', { invoiceStatus: 'x', paymentGapMs: 5_001 }, ['invoiceStatus', 'paymentGapMs']],
])('%s refuses %o and names %j', async (path, body, params) => {
  await using bbp = await startBbp();
  const answer = await bbp.control('PUT', path, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: { issues: params.map((param) => ({ param })) },
  });
});

test('a user has a Telegram id, and a payment a user and a way', async () => {
  await using bbp = await startBbp();
  const put = await bbp.control('PUT', '/users/ada', { pin: null, balance: 0, webhook: null });
  expect(put.status).toBe(400);
  const id = await bbp.invoice();
  const answer = await press(bbp, id, { userId: 'ada', by: 'cash' });
  expect(await answer.json()).toMatchObject({
    error: { issues: [{ param: 'userId' }, { param: 'by' }] },
  });
});

test('the index lists the commands and recent invoices', async () => {
  await using bbp = await startBbp();
  const id = await bbp.invoice();
  const index = await (await bbp.started.call('GET', '/_sandbox')).text();
  expect(index).toContain(`href="${pathOf(id)}"`);
  expect(index).toContain('GET|POST /v2/bots/1914078/web-app/new-invoice');
});
