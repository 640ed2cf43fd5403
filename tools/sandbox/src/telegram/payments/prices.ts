import type { LabeledPrice } from 'grammy/types';
import { fieldsOf, jsonArg, requiredArg, textArg, type Args } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';

const integerOf = (value: unknown): number | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^-?\d+$/.test(text)) return undefined;
  const parsed = Number(text);
  return Number.isSafeInteger(parsed) ? parsed : undefined;
};

const refusedPrice = (reason: string) => badRequest(`Can't parse labeled price: ${reason}`);

const priceOf = (value: unknown): LabeledPrice => {
  const fields = fieldsOf(value);
  if (fields === undefined) throw refusedPrice('LabeledPrice must be an Object');
  const label = fields.get('label');
  if (label === undefined) throw refusedPrice('Can\'t find field "label"');
  if (typeof label !== 'string') throw refusedPrice('Field "label" must be of type String');
  if (label === '') throw refusedPrice('LabeledPrice label must be non-empty');
  if (!fields.has('amount')) throw refusedPrice('Can\'t find field "amount"');
  const amount = integerOf(fields.get('amount'));
  if (amount === undefined) throw refusedPrice('Field "amount" must be a valid Number');
  return { label, amount };
};

/** The prices of an invoice. Source of the refusals: tdlib/telegram-bot-api, `get_labeled_price_parts`. */
export const pricesArg = (args: Args): LabeledPrice[] => {
  const list = jsonArg(requiredArg(args, 'prices'), 'prices');
  if (!Array.isArray(list)) throw badRequest('Expected an Array of labeled prices');
  const prices = list.map(priceOf);
  if (prices.length === 0) throw badRequest('There must be at least one price');
  return prices;
};

/** Checks the tips that an invoice allows, and says whether it allows any. */
export const tipsArg = (args: Args): boolean => {
  const maxText = textArg(args, 'max_tip_amount');
  const max = maxText === '' ? 0 : integerOf(maxText);
  if (max === undefined) throw badRequest('Can\'t parse "max_tip_amount" as Number');
  if (max < 0) throw badRequest('Invalid max_tip_amount of the currency specified');
  const text = textArg(args, 'suggested_tip_amounts');
  if (text === '') return max > 0;
  const list = jsonArg(text, 'suggested_tip_amounts');
  if (!Array.isArray(list)) throw badRequest('Expected an Array of suggested tip amounts');
  if (list.length > 4) throw badRequest('There can be at most 4 suggested tip amounts');
  let previous = 0;
  for (const value of list) {
    const amount = integerOf(value);
    if (amount === undefined) throw badRequest("Can't parse suggested tip amount as Number");
    if (amount <= 0) throw badRequest('Suggested tip amount must be positive');
    if (amount > max) throw badRequest("Suggested tip amount can't be bigger than max_tip_amount");
    if (amount <= previous) throw badRequest('Suggested tip amounts must be sorted');
    previous = amount;
  }
  return max > 0 || list.length > 0;
};
