import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { otherToken, startTelegram, username } from '../telegram-under-test.ts';

const queryTooOld = {
  error_code: 400,
  description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
};

test('a payment is asked for, then taken, then told', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  const link = await telegram.createLink();
  expect(link).toMatch(/^https:\/\/t\.me\/\$[\w-]+$/);
  expect(await telegram.control('POST', `/users/${id}/open`, { link })).toMatchObject({
    invoice: { title: 'Tea', currency: 'XTR', total_amount: 30, link },
  });
  const paying = telegram.pay(id, { link });
  const [query] = await telegram.queries();
  expect(query).toEqual({
    id: expect.stringMatching(/^\d{18}$/),
    from: { id, is_bot: false, first_name: 'Ada', language_code: 'en' },
    currency: 'XTR',
    total_amount: 30,
    invoice_payload: 'order-1',
  });
  expect((await telegram.chat(id)).user.stars).toBe(100);
  expect(await telegram.api.answerPreCheckoutQuery(query?.id ?? '', true)).toBe(true);
  const payment = await paying;
  expect(payment).toMatchObject({ state: 'paid', error: null });
  expect((await telegram.chat(id)).user.stars).toBe(70);

  const told = (await telegram.api.getUpdates()).at(-1)?.message;
  expect(told).toEqual({
    message_id: 1,
    from: { id, is_bot: false, first_name: 'Ada', language_code: 'en' },
    chat: { id, type: 'private', first_name: 'Ada' },
    date: expect.any(Number),
    successful_payment: {
      currency: 'XTR',
      total_amount: 30,
      invoice_payload: 'order-1',
      telegram_payment_charge_id: payment.telegram_payment_charge_id,
      provider_payment_charge_id: payment.provider_payment_charge_id,
    },
  });
  expect(payment.telegram_payment_charge_id).toMatch(/^stx[\w-]{60,}$/);
});

test('of two who pay one invoice at once, the bot has to refuse one', async () => {
  await using telegram = await startTelegram();
  const [ada, bob] = [await telegram.person(), await telegram.person({ first_name: 'Bob' })];
  const link = await telegram.createLink();
  const paying = [telegram.pay(ada.id, { link }), telegram.pay(bob.id, { link })];
  const asked = await telegram.queries(2);
  expect(new Set(asked.map(({ from }) => from.id))).toEqual(new Set([ada.id, bob.id]));
  await telegram.api.answerPreCheckoutQuery(asked[0]?.id ?? '', true);
  await telegram.api.answerPreCheckoutQuery(asked[1]?.id ?? '', false, {
    error_message: 'Somebody was faster',
  });
  const payments = await Promise.all(paying);
  expect(payments.map(({ state }) => state).toSorted()).toEqual(['paid', 'refused']);
  expect(payments.find(({ state }) => state === 'refused')?.error).toBe('Somebody was faster');
  const balances = await Promise.all(
    [ada, bob].map(async ({ id }) => (await telegram.chat(id)).user.stars),
  );
  expect(balances.toSorted((a, b) => a - b)).toEqual([70, 100]);
});

test('a bot that agrees to both charges both', async () => {
  await using telegram = await startTelegram();
  const [ada, bob] = [await telegram.person(), await telegram.person({ first_name: 'Bob' })];
  const link = await telegram.createLink();
  const paying = [telegram.pay(ada.id, { link }), telegram.pay(bob.id, { link })];
  for (const { id } of await telegram.queries(2))
    await telegram.api.answerPreCheckoutQuery(id, true);
  expect((await Promise.all(paying)).map(({ state }) => state)).toEqual(['paid', 'paid']);
  expect(await telegram.api.getMyStarBalance()).toEqual({ amount: 60 });
});

test('an answer that does not come within ten seconds comes too late', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  const paying = telegram.pay(id, { link: await telegram.createLink() });
  const [query] = await telegram.queries();
  await time.waitingFor(10_000);
  time.advance(9_999);
  expect((await telegram.chat(id)).payments[0]?.state).toBe('waiting');
  time.advance(1);
  expect(await paying).toMatchObject({ state: 'expired', error: 'BOT_PRECHECKOUT_TIMEOUT' });
  await expect(telegram.api.answerPreCheckoutQuery(query?.id ?? '', true)).rejects.toMatchObject(
    queryTooOld,
  );
  expect((await telegram.chat(id)).user.stars).toBe(100);
});

test('a query is answered once, by its own bot, with a reason to refuse', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  const paying = telegram.pay(id, { link: await telegram.createLink() });
  const [query] = await telegram.queries();
  const body = { pre_checkout_query_id: query?.id, ok: true };
  expect((await telegram.call('answerPreCheckoutQuery', body, otherToken)).body).toMatchObject(
    queryTooOld,
  );
  await expect(telegram.api.answerPreCheckoutQuery(query?.id ?? '', false)).rejects.toMatchObject({
    description: 'Bad Request: parameter "error_message" is required',
  });
  await telegram.api.answerPreCheckoutQuery(query?.id ?? '', true);
  await paying;
  await expect(telegram.api.answerPreCheckoutQuery(query?.id ?? '', true)).rejects.toMatchObject(
    queryTooOld,
  );
  await expect(telegram.api.answerPreCheckoutQuery('1', true)).rejects.toMatchObject(queryTooOld);
});

test('who has not enough Stars is not asked about', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person({ stars: 29 });
  const link = await telegram.createLink();
  expect(await telegram.tryControl('POST', `/users/${id}/pay`, { link })).toEqual({
    status: 400,
    body: { error: { message: 'BALANCE_TOO_LOW: Ada has 29 Stars, and 30 are needed.' } },
  });
  expect(await telegram.api.getUpdates()).toEqual([]);
});

test('Stars that are spent meanwhile are not taken twice', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person({ stars: 40 });
  const link = await telegram.createLink();
  const paying = [telegram.pay(id, { link }), telegram.pay(id, { link })];
  for (const query of await telegram.queries(2)) {
    await telegram.api.answerPreCheckoutQuery(query.id, true);
  }
  const payments = await Promise.all(paying);
  expect(payments.map(({ state }) => state).toSorted()).toEqual(['failed', 'paid']);
  expect((await telegram.chat(id)).user.stars).toBe(10);
});

test('a held payment is taken when it is released, however late', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  const { id } = await telegram.person();
  const paying = telegram.pay(id, { link: await telegram.createLink(), hold: true });
  const [query] = await telegram.queries();
  await telegram.api.answerPreCheckoutQuery(query?.id ?? '', true);
  expect(await paying).toMatchObject({ state: 'held', telegram_payment_charge_id: null });
  expect((await telegram.chat(id)).user.stars).toBe(100);
  time.advance(3 * 86_400_000);
  const released = await telegram.control('POST', `/payments/${query?.id}/release`);
  expect(released).toMatchObject({ state: 'paid', paid_at: time.clock() / 1_000 });
  expect((await telegram.chat(id)).user.stars).toBe(70);
  expect((await telegram.api.getUpdates()).at(-1)?.message).toMatchObject({
    date: time.clock() / 1_000,
    successful_payment: { invoice_payload: 'order-1' },
  });
  expect(await telegram.tryControl('POST', `/payments/${query?.id}/release`)).toMatchObject({
    status: 400,
    body: { error: { message: 'The payment is paid, not held.' } },
  });
});

test('all payments are held where the settings say so, and a held one can be given up', async () => {
  await using telegram = await startTelegram();
  await telegram.control('PUT', '/settings', { hold_payments: true });
  const { id } = await telegram.person();
  const paying = telegram.pay(id, { link: await telegram.createLink() });
  const [query] = await telegram.queries();
  await telegram.api.answerPreCheckoutQuery(query?.id ?? '', true);
  expect(await paying).toMatchObject({ state: 'held' });
  expect(await telegram.control('POST', `/payments/${query?.id}/cancel`)).toMatchObject({
    state: 'canceled',
  });
  expect(await telegram.api.getMyStarBalance()).toEqual({ amount: 0 });
});

test('a card is charged with a provider token, and what was asked for is filled in', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person({ stars: 0, last_name: 'Lovelace' });
  const link = await telegram.createLink({
    provider_token: '284685063:TEST:abc',
    currency: 'USD',
    prices: [
      { label: 'Tea', amount: 200 },
      { label: 'Discount', amount: -55 },
    ],
    need_name: true,
    need_email: true,
  });
  const paying = telegram.pay(id, { link });
  const [query] = await telegram.queries();
  const orderInfo = { name: 'Ada Lovelace', email: `user${id}@example.org` };
  expect(query).toMatchObject({ currency: 'USD', total_amount: 145, order_info: orderInfo });
  await telegram.api.answerPreCheckoutQuery(query?.id ?? '', true);
  const payment = await paying;
  expect(payment).toMatchObject({ state: 'paid', currency: 'USD', total_amount: 145 });
  expect((await telegram.api.getUpdates()).at(-1)?.message?.successful_payment).toMatchObject({
    order_info: orderInfo,
  });
  expect(await telegram.api.getMyStarBalance()).toEqual({ amount: 0 });
  await expect(
    telegram.api.refundStarPayment(id, payment.telegram_payment_charge_id ?? ''),
  ).rejects.toMatchObject({ description: 'Bad Request: CHARGE_ID_INVALID' });
});

test('an invoice message is paid by its owner once, and by others as a forwarded copy', async () => {
  await using telegram = await startTelegram();
  const [ada, bob] = [await telegram.person(), await telegram.person({ first_name: 'Bob' })];
  await telegram.control('POST', `/users/${ada.id}/messages`, { bot: username, text: '/start' });
  const prices = [{ label: 'Tea', amount: 30 }];
  const send = (start: string) =>
    telegram.api.sendInvoice(ada.id, 'Tea', 'A cup of tea', 'order-1', 'XTR', prices, {
      start_parameter: start,
    });
  const open = await send('');
  expect(open).toMatchObject({
    from: { is_bot: true, username },
    invoice: {
      title: 'Tea',
      description: 'A cup of tea',
      start_parameter: '',
      currency: 'XTR',
      total_amount: 30,
    },
  });
  for (const [index, { id }] of [bob, ada].entries()) {
    const paying = telegram.pay(id, { bot: username, message_id: open.message_id });
    const query = (await telegram.queries(index + 1)).find(({ from }) => from.id === id);
    await telegram.api.answerPreCheckoutQuery(query?.id ?? '', true);
    expect(await paying).toMatchObject({ state: 'paid' });
  }
  const again = { bot: username, message_id: open.message_id };
  expect(await telegram.tryControl('POST', `/users/${ada.id}/pay`, again)).toMatchObject({
    status: 400,
    body: { error: { message: 'The invoice is paid: its message shows a receipt.' } },
  });
  const linked = await send('order-1');
  expect(
    await telegram.tryControl('POST', `/users/${bob.id}/pay`, {
      bot: username,
      message_id: linked.message_id,
    }),
  ).toMatchObject({ status: 400 });
});
