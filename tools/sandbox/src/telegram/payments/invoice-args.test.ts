import { expect, test } from 'vitest';
import { fieldOf, starsInvoice, startTelegram, username } from '../telegram-under-test.ts';

const usd = {
  ...starsInvoice,
  provider_token: '284685063:TEST:abc',
  currency: 'USD',
  prices: [{ label: 'Tea', amount: 145 }],
};

const price = (value: unknown) => ({ ...starsInvoice, prices: [value] });

test.each([
  [{ ...starsInvoice, title: '' }, 'parameter "title" is required'],
  [{ ...starsInvoice, description: undefined }, 'parameter "description" is required'],
  [{ ...starsInvoice, payload: '' }, 'parameter "payload" is required'],
  [{ ...starsInvoice, currency: '' }, 'parameter "currency" is required'],
  [{ ...starsInvoice, prices: undefined }, 'parameter "prices" is required'],
  [{ ...starsInvoice, prices: '[{' }, "can't parse prices JSON object"],
  [{ ...starsInvoice, prices: {} }, 'expected an Array of labeled prices'],
  [{ ...starsInvoice, prices: [] }, 'there must be at least one price'],
  [price(1), "can't parse labeled price: LabeledPrice must be an Object"],
  [price({ amount: 1 }), 'can\'t parse labeled price: Can\'t find field "label"'],
  [
    price({ label: '', amount: 1 }),
    "can't parse labeled price: LabeledPrice label must be non-empty",
  ],
  [price({ label: 'a' }), 'can\'t parse labeled price: Can\'t find field "amount"'],
  [
    price({ label: 'a', amount: 1.5 }),
    'can\'t parse labeled price: Field "amount" must be a valid Number',
  ],
  [price({ label: 'a', amount: 0 }), 'total price must be positive'],
  [price({ label: 'a', amount: -1 }), 'total price must be positive'],
  [{ ...starsInvoice, title: 'ä'.repeat(33) }, 'TITLE_INVALID'],
  [{ ...starsInvoice, description: 'a'.repeat(256) }, 'DESCRIPTION_INVALID'],
  [{ ...starsInvoice, payload: 'ä'.repeat(65) }, 'INVOICE_PAYLOAD_INVALID'],
  [
    { ...starsInvoice, prices: [...starsInvoice.prices, ...starsInvoice.prices] },
    'STARS_INVOICE_INVALID',
  ],
  [{ ...starsInvoice, max_tip_amount: 5 }, 'STARS_INVOICE_INVALID'],
  [{ ...starsInvoice, provider_token: '1:TEST:a' }, 'STARS_INVOICE_INVALID'],
  [price({ label: 'a', amount: 1_000_001 }), 'CURRENCY_TOTAL_AMOUNT_INVALID'],
  [{ ...usd, provider_token: '' }, 'PAYMENT_PROVIDER_INVALID'],
  [{ ...usd, provider_token: 'abc' }, 'PAYMENT_PROVIDER_INVALID'],
  [{ ...usd, currency: 'XTS', provider_token: '' }, 'PAYMENT_PROVIDER_INVALID'],
  [{ ...usd, currency: 'XTS' }, 'CURRENCY_INVALID'],
  [{ ...usd, currency: 'usd' }, 'CURRENCY_INVALID'],
  [{ ...usd, prices: [{ label: 'a', amount: 99 }] }, 'CURRENCY_TOTAL_AMOUNT_INVALID'],
  [{ ...usd, prices: [{ label: 'a', amount: 1_000_001 }] }, 'CURRENCY_TOTAL_AMOUNT_INVALID'],
  [{ ...usd, max_tip_amount: 'x' }, 'can\'t parse "max_tip_amount" as Number'],
  [
    { ...usd, max_tip_amount: 10, suggested_tip_amounts: [1, 2, 3, 4, 5] },
    'there can be at most 4 suggested tip amounts',
  ],
  [
    { ...usd, max_tip_amount: 10, suggested_tip_amounts: [0] },
    'suggested tip amount must be positive',
  ],
  [
    { ...usd, max_tip_amount: 10, suggested_tip_amounts: [11] },
    "suggested tip amount can't be bigger than max_tip_amount",
  ],
  [
    { ...usd, max_tip_amount: 10, suggested_tip_amounts: [2, 2] },
    'suggested tip amounts must be sorted',
  ],
  [{ ...usd, is_flexible: true }, 'the sandbox does not emulate flexible prices (is_flexible)'],
  [{ ...starsInvoice, subscription_period: 60 }, 'SUBSCRIPTION_PERIOD_INVALID'],
  [
    { ...starsInvoice, subscription_period: 2_592_000 },
    'the sandbox does not emulate subscriptions',
  ],
])('an invoice of %j is refused', async (body, reason) => {
  await using telegram = await startTelegram();
  expect(await telegram.call('createInvoiceLink', body)).toEqual({
    status: 400,
    body: { ok: false, error_code: 400, description: `Bad Request: ${reason}` },
  });
});

test.each([
  [
    {
      ...starsInvoice,
      title: '😀'.repeat(32),
      description: 'ä'.repeat(255),
      payload: 'ä'.repeat(64),
    },
  ],
  [{ ...starsInvoice, prices: JSON.stringify(starsInvoice.prices) }],
  [{ ...usd, max_tip_amount: 10, suggested_tip_amounts: [1, 10] }],
  [price({ label: 'a', amount: '7' })],
])('an invoice of %j is good', async (body) => {
  await using telegram = await startTelegram();
  expect((await telegram.call('createInvoiceLink', body)).status).toBe(200);
});

test.each([
  [[[{ text: 'Pay', pay: true }], [{ text: 'Site', url: 'https://example.org' }]], undefined],
  [[[{ text: 'Site', url: 'https://example.org' }]], 'Bad Request: REPLY_MARKUP_BUY_EMPTY'],
  [
    [
      [
        { text: 'Site', url: 'https://example.org' },
        { text: 'Pay', pay: true },
      ],
    ],
    'Bad Request: BUTTON_POS_INVALID',
  ],
])('the first button of an invoice is Pay: %j', async (keyboard, description) => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await telegram.control('POST', `/users/${id}/messages`, { bot: username, text: '/start' });
  const body = { ...starsInvoice, chat_id: id, reply_markup: { inline_keyboard: keyboard } };
  const answer = await telegram.call('sendInvoice', body);
  expect(fieldOf(answer.body, 'description')).toBe(description);
});

test('a token of a live provider is good once the settings have it', async () => {
  await using telegram = await startTelegram();
  const live = { ...usd, provider_token: '284685063:LIVE:abc' };
  expect((await telegram.call('createInvoiceLink', live)).status).toBe(400);
  await telegram.control('PUT', '/settings', { provider_tokens: ['284685063:LIVE:abc'] });
  expect((await telegram.call('createInvoiceLink', live)).status).toBe(200);
});

test('the limits of a currency can be set', async () => {
  await using telegram = await startTelegram();
  const link = async () => (await telegram.call('createInvoiceLink', usd)).status;
  expect(await link()).toBe(200);
  const limits = { USD: { exponent: 2, min: 146, max: 200 }, ABC: { exponent: 0, min: 1, max: 9 } };
  expect(await telegram.control('PUT', '/currencies', limits)).toMatchObject({
    ...limits,
    EUR: { exponent: 2 },
  });
  expect(await link()).toBe(400);
  const abc = { ...usd, currency: 'ABC', prices: [{ label: 'a', amount: 9 }] };
  expect((await telegram.call('createInvoiceLink', abc)).status).toBe(200);
  await telegram.control('DELETE', '/currencies');
  expect(await link()).toBe(200);
  expect(
    await telegram.tryControl('PUT', '/currencies', { USD: { exponent: 2, min: 5, max: 1 } }),
  ).toMatchObject({ status: 400 });
});
