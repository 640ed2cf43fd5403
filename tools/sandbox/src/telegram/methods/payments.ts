import { boolArg, integerArg, requiredArg, textArg, type Args } from '../api/args.ts';
import { badRequest, queryTooOld } from '../api/errors.ts';
import { newSlug } from '../api/ids.ts';
import { invoiceArgs } from '../payments/invoice-args.ts';
import { refundStars } from '../payments/refund.ts';
import { answerPayment } from '../payments/settle.ts';
import type { StoredStarTransaction } from '../state.ts';
import { method, type MethodCall } from './method.ts';

const largest = Number.MAX_SAFE_INTEGER;

const userIdArg = (args: Args): number => {
  const id = integerArg(args, 'user_id', { otherwise: 0, min: 0, max: largest });
  if (id === 0) throw badRequest('Invalid user_id specified');
  return id;
};

const refusalArg = (args: Args): string | undefined =>
  boolArg(args, 'ok') ? undefined : requiredArg(args, 'error_message');

const starTransactions = ({ work, bot }: MethodCall): StoredStarTransaction[] => {
  const own: StoredStarTransaction[] = [];
  for (const [, stored] of work.state.starTransactions.entries()) {
    if (stored.bot === bot.key) own.push(stored);
  }
  return own;
};

export const paymentMethods = [
  method('createInvoiceLink', ({ work, bot, args }) => {
    const slug = newSlug();
    const invoice = { ...invoiceArgs(work.state, bot, args), slug };
    work.state.invoices.put(invoice.id, invoice);
    work.state.slugs.put(slug, invoice.id);
    return `https://t.me/$${slug}`;
  }),
  method('answerPreCheckoutQuery', ({ work, bot, args }) => {
    const refusal = refusalArg(args);
    answerPayment(work, bot.key, textArg(args, 'pre_checkout_query_id'), refusal);
    return true;
  }),
  method('answerShippingQuery', ({ args }) => {
    if (boolArg(args, 'ok')) requiredArg(args, 'shipping_options');
    else requiredArg(args, 'error_message');
    throw queryTooOld();
  }),
  method('refundStarPayment', ({ work, bot, args }) => {
    const userId = userIdArg(args);
    refundStars(work, bot, userId, requiredArg(args, 'telegram_payment_charge_id'));
    return true;
  }),
  method('getStarTransactions', (call) => {
    const offset = integerArg(call.args, 'offset', { otherwise: 0, min: 0, max: largest });
    const limit = integerArg(call.args, 'limit', { otherwise: 100, min: 1, max: 100 });
    const page = starTransactions(call).slice(offset, offset + limit);
    return { transactions: page.map(({ transaction }) => transaction) };
  }),
  method('getMyStarBalance', (call) => ({
    amount: starTransactions(call).reduce(
      (sum, { transaction: { amount, source } }) => sum + (source === undefined ? -amount : amount),
      0,
    ),
  })),
];
