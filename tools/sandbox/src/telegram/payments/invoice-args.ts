import { boolArg, requiredArg, textArg, type Args } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';
import { newSlug } from '../api/ids.ts';
import { settingsOf, type Bot, type StoredInvoice, type TelegramState } from '../state.ts';
import { currencyLimits } from './currencies.ts';
import { pricesArg, tipsArg } from './prices.ts';

const characters = (text: string): number => Array.from(text).length;

/** A token of a provider's test mode, as @BotFather gives it out: `<digits>:TEST:<...>`; or one of the settings. */
const isProviderToken = (state: TelegramState, token: string): boolean =>
  /^\d+:TEST:\S+$/.test(token) || settingsOf(state).provider_tokens.includes(token);

const checkTexts = (title: string, description: string, payload: string): void => {
  if (characters(title) > 32) throw badRequest('TITLE_INVALID');
  if (characters(description) > 255) throw badRequest('DESCRIPTION_INVALID');
  if (payload.includes('�')) throw badRequest('The payload must be encoded in UTF-8');
  if (Buffer.byteLength(payload) > 128) throw badRequest('INVOICE_PAYLOAD_INVALID');
};

const checkSubscription = (args: Args, currency: string): void => {
  const period = textArg(args, 'subscription_period');
  if (period === '' || period === '0') return;
  if (currency !== 'XTR' || period !== '2592000') throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
  throw badRequest('The sandbox does not emulate subscriptions');
};

/**
 * What an invoice asks for, of sendInvoice or createInvoiceLink, checked in the order of the official server: first what it
 * checks itself, then what Telegram does.
 */
export const invoiceArgs = (state: TelegramState, bot: Bot, args: Args): StoredInvoice => {
  const title = requiredArg(args, 'title');
  const description = requiredArg(args, 'description');
  const payload = requiredArg(args, 'payload');
  const providerToken = textArg(args, 'provider_token');
  const currency = requiredArg(args, 'currency');
  const prices = pricesArg(args);
  const hasTips = tipsArg(args);
  const total = prices.reduce((sum, { amount }) => sum + amount, 0);
  if (total <= 0) throw badRequest('Total price must be positive');
  checkTexts(title, description, payload);
  const stars = currency === 'XTR';
  if (stars && (prices.length !== 1 || hasTips || providerToken !== '')) {
    throw badRequest('STARS_INVOICE_INVALID');
  }
  if (!stars && !isProviderToken(state, providerToken))
    throw badRequest('PAYMENT_PROVIDER_INVALID');
  const limits = currencyLimits(state, currency);
  if (limits === undefined) throw badRequest('CURRENCY_INVALID');
  if (total < limits.min || total > limits.max) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  checkSubscription(args, currency);
  if (!stars && boolArg(args, 'is_flexible')) {
    throw badRequest('The sandbox does not emulate flexible prices (is_flexible)');
  }
  const needs = (name: string): boolean => !stars && boolArg(args, name);
  return {
    id: newSlug(),
    bot: bot.key,
    title,
    description,
    payload,
    providerToken,
    currency,
    prices,
    total,
    startParameter: textArg(args, 'start_parameter'),
    needs: {
      name: needs('need_name'),
      phoneNumber: needs('need_phone_number'),
      email: needs('need_email'),
      shippingAddress: needs('need_shipping_address'),
    },
  };
};
