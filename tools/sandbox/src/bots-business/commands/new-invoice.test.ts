import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonOf, order, payer, seller, startBbp } from '../bbp-under-test.ts';

const texts = {
  amount: '10',
  userId: String(seller.id),
  pin: seller.pin,
  description: order.description,
  title: order.title,
  payload: order.payload,
};

const matchingId = /^invoice-[A-Z0-9]{8}$/;

const Answer = z.object({
  status: z.literal('success'),
  invoice: z.looseObject({ invoiceId: z.string().regex(matchingId), qrCode: z.string() }),
});

const invoiceIn = (answer: unknown) => Answer.parse(answer).invoice;

test("GET gives the seed's answer, all of it text, in the seed's order", async () => {
  await using bbp = await startBbp();
  const answer = await bbp.get('new-invoice', texts);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  const body = await answer.text();
  const { invoiceId: id } = invoiceIn(JSON.parse(body));
  expect(body).toBe(
    JSON.stringify({
      status: 'success',
      invoice: {
        qrCode: `https://quickchart.io/qr?text=%7B%22invoiceId%22%3A%22${id}%22%2C%22title%22%3A%22Test%20Payment%22%2C%22amount%22%3A%2210%22%7D`,
        invoiceId: id,
        title: 'Test Payment',
        amount: '10',
        userId: '7378059553',
        payLink: `https://t.me/bbp_app_bot?start=${id}`,
        description: 'Payment for test',
        status: 'unpaid',
        paidBy: null,
      },
    }),
  );
});

test('POST of JSON gives back numbers as numbers, in the QR code too', async () => {
  await using bbp = await startBbp();
  const invoice = invoiceIn(await bbp.ask('new-invoice', order));
  expect(invoice).toMatchObject({ amount: 10, userId: seller.id });
  expect(new URL(invoice.qrCode).searchParams.get('text')).toBe(
    JSON.stringify({ invoiceId: invoice.invoiceId, title: order.title, amount: 10 }),
  );
});

test('POST of a form gives back text', async () => {
  await using bbp = await startBbp();
  const answer = await bbp.started.call('POST', '/v2/bots/1914078/web-app/new-invoice', {
    body: new URLSearchParams(texts),
  });
  expect(invoiceIn(await answer.json())).toMatchObject({ amount: '10', userId: '7378059553' });
});

test('a GET takes the query only, a POST the body only', async () => {
  await using bbp = await startBbp();
  const path = `/v2/bots/1914078/web-app/new-invoice?${new URLSearchParams(texts).toString()}`;
  expect(await jsonOf(bbp.started.call('POST', path))).toEqual({
    status: 'error',
    msg: 'Missing parameters: amount, userId, pin, description, title, payload',
  });
});

test('of a parameter given twice the last counts', async () => {
  await using bbp = await startBbp();
  const query = `${new URLSearchParams(texts).toString()}&amount=12`;
  const answer = bbp.started.call('GET', `/v2/bots/1914078/web-app/new-invoice?${query}`);
  expect(invoiceIn(await jsonOf(answer))).toMatchObject({ amount: '12' });
});

test.each([
  [{ amount: undefined, pin: undefined }, 'amount, pin'],
  [
    { payload: '', title: null, amount: 0, description: false },
    'amount, description, title, payload',
  ],
  [{ userId: 0 }, 'userId'],
])('%o is missing: %s', async (params, missing) => {
  await using bbp = await startBbp();
  const answer = await bbp.post('new-invoice', { ...order, ...params });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'error', msg: `Missing parameters: ${missing}` });
});

test('the text "0" is not missing', async () => {
  await using bbp = await startBbp();
  expect(invoiceIn(await jsonOf(bbp.get('new-invoice', { ...texts, amount: '0' })))).toMatchObject({
    amount: '0',
  });
});

test.each([
  [{ userId: 1 }, '❌ Your pin is not set. Please set your pin using /setPin <6 digit pin>.'],
  [{ pin: '12345' }, '❌ Incorrect pin. Use /myPin to retrieve it.'],
  [{ pin: payer.pin }, '❌ Incorrect pin. Use /myPin to retrieve it.'],
  [{ pin: 123_456 }, '❌ Incorrect pin. Use /myPin to retrieve it.'],
])('%o is refused: %s', async (params, msg) => {
  await using bbp = await startBbp();
  expect(await bbp.ask('new-invoice', { ...order, ...params })).toEqual({ status: 'error', msg });
});

test.each([[-5], ['abc'], [1.5], [[7]], [{ a: 1 }], ['1e9999']])(
  'an amount of %j is not looked at',
  async (amount) => {
    await using bbp = await startBbp();
    expect(invoiceIn(await bbp.ask('new-invoice', { ...order, amount }))).toMatchObject({ amount });
  },
);

test('the payload is nowhere, and the same call twice makes two invoices', async () => {
  await using bbp = await startBbp();
  const [first, second] = [await bbp.invoice(), await bbp.invoice()];
  expect(first).toMatch(matchingId);
  expect(second).not.toBe(first);
  const kept = await (await bbp.control('GET', `/invoices/${first}`)).text();
  expect(kept).not.toContain('payload');
  expect(kept).not.toContain(order.payload);
});
