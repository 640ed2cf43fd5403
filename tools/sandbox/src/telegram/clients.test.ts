import { Bot, webhookCallback, type Context } from 'grammy';
import { listen } from '@quittance/runtime';
import { Telegraf } from 'telegraf';
import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import {
  fieldOf,
  startTelegram,
  token,
  username,
  type TelegramUnderTest,
} from './telegram-under-test.ts';

interface Seen {
  paid: { id: number; payload: string; charge: string }[];
  refunded: string[];
}

/** A shop as people write it with grammY: an order by deep link, an invoice, its check, its payment. */
const grammyShop = (telegram: TelegramUnderTest, seen: Seen): Bot => {
  const bot = new Bot(token, { client: { apiRoot: telegram.url } });
  bot.command('start', async (ctx: Context) => {
    await ctx.replyWithInvoice('Tea', 'A cup of tea', String(ctx.match), 'XTR', [
      { label: 'Tea', amount: 30 },
    ]);
  });
  bot.on('pre_checkout_query', async (ctx) => {
    const known = ctx.preCheckoutQuery.invoice_payload === 'order-1';
    if (known) await ctx.answerPreCheckoutQuery(true);
    else await ctx.answerPreCheckoutQuery(false, 'No such order');
  });
  bot.on('message:successful_payment', async (ctx) => {
    const { invoice_payload: payload, telegram_payment_charge_id: charge } =
      ctx.message.successful_payment;
    seen.paid.push({ id: ctx.from.id, payload, charge });
    await ctx.reply('Thank you', {
      reply_markup: { inline_keyboard: [[{ text: 'Give it back', callback_data: 'refund' }]] },
    });
  });
  bot.on('callback_query:data', async (ctx) => {
    await ctx.answerCallbackQuery('Of course');
    await ctx.api.refundStarPayment(ctx.from.id, seen.paid[0]?.charge ?? '');
    await ctx.editMessageText('Given back');
  });
  bot.on('message:refunded_payment', (ctx) => {
    seen.refunded.push(ctx.message.refunded_payment.telegram_payment_charge_id);
  });
  return bot;
};

/** A person orders, pays, and wants the money back; the bot is whichever client runs it. */
const playOrder = async (telegram: TelegramUnderTest, seen: Seen): Promise<void> => {
  const { id } = await telegram.person({ language_code: 'ru' });
  await telegram.control('POST', `/users/${id}/open`, {
    link: `https://t.me/${username}?start=order-1`,
  });
  const { message_id: invoice } = await telegram.lastMessage(id, (message) => !!message.invoice);
  const payment = await telegram.pay(id, { bot: username, message_id: invoice });
  expect(payment).toMatchObject({ state: 'paid', total_amount: 30, currency: 'XTR' });
  const thanks = await telegram.lastMessage(id, ({ text }) => text === 'Thank you');
  const charge = payment.telegram_payment_charge_id ?? '';
  expect(seen.paid).toEqual([{ id, payload: 'order-1', charge }]);
  expect((await telegram.chat(id)).user.stars).toBe(70);

  await telegram.control('POST', `/users/${id}/press`, {
    bot: username,
    message_id: thanks.message_id,
    button: 'Give it back',
  });
  await eventually(() => seen.refunded.length === 1);
  expect(seen.refunded).toEqual([charge]);
  await eventually(async () => {
    const { messages } = await telegram.chat(id);
    return messages.some(({ text }) => text === 'Given back');
  });
  expect((await telegram.chat(id)).user.stars).toBe(100);

  await telegram.control('POST', `/users/${id}/open`, {
    link: `https://t.me/${username}?start=order-2`,
  });
  const other = await telegram.lastMessage(id, (message) => !!message.invoice);
  const refused = await telegram.pay(id, { bot: username, message_id: other.message_id });
  expect(refused).toMatchObject({ state: 'refused', error: 'No such order' });
  expect((await telegram.chat(id)).user.stars).toBe(100);
};

test('grammY sells by long polling', async () => {
  await using telegram = await startTelegram();
  const seen: Seen = { paid: [], refunded: [] };
  const bot = grammyShop(telegram, seen);
  const running = bot.start();
  await playOrder(telegram, seen);
  await bot.stop();
  await running;
});

test('grammY sells behind a webhook with a secret', async () => {
  await using telegram = await startTelegram();
  const seen: Seen = { paid: [], refunded: [] };
  const bot = grammyShop(telegram, seen);
  const server = await listen(
    (request, response) =>
      void webhookCallback(bot, 'http', { secretToken: 'secret_1' })(request, response),
    { host: '127.0.0.1', port: 0 },
  );
  await bot.api.setWebhook(`${server.url}/hook`, { secret_token: 'secret_1' });
  await playOrder(telegram, seen);
  expect(await bot.api.getWebhookInfo()).toEqual({
    url: `${server.url}/hook`,
    has_custom_certificate: false,
    pending_update_count: 0,
    max_connections: 40,
  });
  await server.close();
});

const telegrafShop = (telegram: TelegramUnderTest, seen: Seen): Telegraf => {
  const bot = new Telegraf(token, { telegram: { apiRoot: telegram.url } });
  bot.start(async (ctx) => {
    await ctx.replyWithInvoice({
      title: 'Tea',
      description: 'A cup of tea',
      payload: ctx.payload,
      provider_token: '',
      currency: 'XTR',
      prices: [{ label: 'Tea', amount: 30 }],
    });
  });
  bot.on('pre_checkout_query', async (ctx) => {
    const known = ctx.preCheckoutQuery.invoice_payload === 'order-1';
    await ctx.answerPreCheckoutQuery(known, known ? undefined : 'No such order');
  });
  bot.on('message', async (ctx) => {
    if ('successful_payment' in ctx.message) {
      const { invoice_payload: payload, telegram_payment_charge_id: charge } =
        ctx.message.successful_payment;
      seen.paid.push({ id: ctx.from.id, payload, charge });
      await ctx.reply('Thank you', {
        reply_markup: { inline_keyboard: [[{ text: 'Give it back', callback_data: 'refund' }]] },
      });
    } else if ('refunded_payment' in ctx.message) {
      seen.refunded.push(
        String(fieldOf(ctx.message.refunded_payment, 'telegram_payment_charge_id')),
      );
    }
  });
  bot.on('callback_query', async (ctx) => {
    if (!('data' in ctx.callbackQuery)) return;
    await ctx.answerCbQuery('Of course');
    // Telegraf 4.16 is older than the method, so it is called as any other would be.
    await telegram.call('refundStarPayment', {
      user_id: ctx.from.id,
      telegram_payment_charge_id: seen.paid[0]?.charge,
    });
    await ctx.editMessageText('Given back');
  });
  return bot;
};

test('Telegraf sells by long polling', async () => {
  await using telegram = await startTelegram();
  const seen: Seen = { paid: [], refunded: [] };
  const bot = telegrafShop(telegram, seen);
  const running = bot.launch();
  await playOrder(telegram, seen);
  bot.stop();
  await running.catch(() => undefined);
});

test('Telegraf sells behind a webhook, answering within the webhook', async () => {
  await using telegram = await startTelegram();
  const seen: Seen = { paid: [], refunded: [] };
  const bot = telegrafShop(telegram, seen);
  bot.telegram.webhookReply = true;
  const handle = bot.webhookCallback('/hook', { secretToken: 'secret_2' });
  const server = await listen((request, response) => void handle(request, response), {
    host: '127.0.0.1',
    port: 0,
  });
  await bot.telegram.setWebhook(`${server.url}/hook`, { secret_token: 'secret_2' });
  await playOrder(telegram, seen);
  await server.close();
});
