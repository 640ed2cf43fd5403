import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { eventually } from '../../testing/eventually.ts';
import { otherToken, startTelegram, type TelegramUnderTest } from '../telegram-under-test.ts';

const paidBy = async (telegram: TelegramUnderTest, id: number, link: string): Promise<string> => {
  const paying = telegram.pay(id, { link });
  let last: string | undefined;
  await eventually(async () => {
    const updates = await telegram.api.getUpdates({ offset: -1 });
    last = updates.at(-1)?.pre_checkout_query?.id;
    return last !== undefined;
  });
  await telegram.api.answerPreCheckoutQuery(last ?? '', true);
  return (await paying).telegram_payment_charge_id ?? '';
};

test('a refund gives all of it back, once, and both are in the list of Stars', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  const link = await telegram.createLink();
  const first = await paidBy(telegram, id, link);
  time.advance(60_000);
  const second = await paidBy(telegram, id, link);
  expect(await telegram.api.getMyStarBalance()).toEqual({ amount: 60 });
  time.advance(60_000);
  expect(await telegram.api.refundStarPayment(id, first)).toBe(true);
  await expect(telegram.api.refundStarPayment(id, first)).rejects.toMatchObject({
    error_code: 400,
    description: 'Bad Request: CHARGE_ALREADY_REFUNDED',
  });
  expect((await telegram.chat(id)).user.stars).toBe(70);
  expect((await telegram.api.getUpdates({ offset: -1 }))[0]?.message).toMatchObject({
    from: { id },
    refunded_payment: {
      currency: 'XTR',
      total_amount: 30,
      invoice_payload: 'order-1',
      telegram_payment_charge_id: first,
      provider_payment_charge_id: expect.any(String),
    },
  });
  const partner = {
    type: 'user',
    transaction_type: 'invoice_payment',
    user: { id, is_bot: false, first_name: 'Ada', language_code: 'en' },
    invoice_payload: 'order-1',
  };
  const start = Date.UTC(2026, 0, 1) / 1_000;
  const { transactions } = await telegram.api.getStarTransactions();
  expect(transactions).toEqual([
    { id: first, amount: 30, date: start, source: partner },
    { id: second, amount: 30, date: start + 60, source: partner },
    { id: first, amount: 30, date: start + 120, receiver: partner },
  ]);
  const page = await telegram.api.getStarTransactions({ offset: 1, limit: 1 });
  expect(page.transactions).toEqual([transactions[1]]);
  expect(await telegram.api.getMyStarBalance()).toEqual({ amount: 30 });
});

test.each([
  [{ telegram_payment_charge_id: 'x' }, 'Bad Request: invalid user_id specified'],
  [{ user_id: 'me' }, 'Bad Request: invalid user_id specified'],
  [{ user_id: 1 }, 'Bad Request: parameter "telegram_payment_charge_id" is required'],
  [{ user_id: 1, telegram_payment_charge_id: 'x' }, 'Bad Request: USER_ID_INVALID'],
  [{ user_id: 555, telegram_payment_charge_id: 'x' }, 'Bad Request: CHARGE_ID_INVALID'],
])('refundStarPayment of %j is refused', async (body, description) => {
  await using telegram = await startTelegram();
  await telegram.person({ id: 555 });
  expect((await telegram.call('refundStarPayment', body)).body).toEqual({
    ok: false,
    error_code: 400,
    description,
  });
});

test('a charge of somebody else, or of another bot, is not given back', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  const other = await telegram.person();
  const charge = await paidBy(telegram, id, await telegram.createLink());
  await expect(telegram.api.refundStarPayment(other.id, charge)).rejects.toMatchObject({
    description: 'Bad Request: CHARGE_ID_INVALID',
  });
  const body = { user_id: id, telegram_payment_charge_id: charge };
  expect((await telegram.call('refundStarPayment', body, otherToken)).body).toMatchObject({
    description: 'Bad Request: CHARGE_ID_INVALID',
  });
});
