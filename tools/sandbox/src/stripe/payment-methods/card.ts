import type { Stripe } from 'stripe';
import { z } from 'zod';
import { StripeError, invalidRequest, resourceMissing } from '../api/errors.ts';
import * as param from '../api/params.ts';
import {
  fingerprintOf,
  isLuhnValid,
  testCardByName,
  testCardByNumber,
  type TestCard,
} from './test-cards.ts';

/** `card[number]` and its expiry, or `card[token]`. */
export const cardData = z.strictObject({
  cvc: param.text.optional(),
  exp_month: param.integer.optional(),
  exp_year: param.integer.optional(),
  networks: param.ignored,
  number: param.text.optional(),
  token: param.text.optional(),
});

const cardError = (code: string, message: string, name: string): StripeError =>
  new StripeError(402, { type: 'card_error', code, message, param: name });

const buildCard = (
  card: TestCard,
  expMonth: number,
  expYear: number,
  cvcGiven: boolean,
): Stripe.PaymentMethod.Card => ({
  brand: card.brand,
  checks: {
    address_line1_check: null,
    address_postal_code_check: null,
    cvc_check: cvcGiven ? 'unchecked' : null,
  },
  country: card.country,
  display_brand: card.brand,
  exp_month: expMonth,
  exp_year: expYear,
  fingerprint: fingerprintOf(card.number),
  funding: card.funding,
  generated_from: null,
  last4: card.number.slice(-4),
  networks: { available: [card.brand], preferred: null },
  regulated_status: 'unregulated',
  three_d_secure_usage: { supported: true },
  wallet: null,
});

const yearOf = (now: number): number => new Date(now * 1000).getUTCFullYear();
const monthOf = (now: number): number => new Date(now * 1000).getUTCMonth() + 1;

const missing = (name: string): StripeError =>
  invalidRequest(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });

const checkExpiry = (month: number, year: number, now: number): void => {
  if (month < 1 || month > 12) {
    throw cardError(
      'invalid_expiry_month',
      "Your card's expiration month is invalid.",
      'exp_month',
    );
  }
  if (year < yearOf(now) || year > yearOf(now) + 50) {
    throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  }
  if (year === yearOf(now) && month < monthOf(now)) {
    throw cardError(
      'invalid_expiry_month',
      "Your card's expiration month is invalid.",
      'exp_month',
    );
  }
};

/** Stripe's ready-made cards expire in the next year. */
export const cardFromTest = (card: TestCard, now: number): Stripe.PaymentMethod.Card =>
  buildCard(card, monthOf(now), yearOf(now) + 1, false);

/** @throws StripeError 402 for a wrong number or expiry, and for a card that is no test card. */
export const cardFromData = (
  data: z.infer<typeof cardData>,
  now: number,
): Stripe.PaymentMethod.Card => {
  if (data.token !== undefined) {
    const card = data.token.startsWith('tok_') ? testCardByName(data.token) : undefined;
    if (card === undefined) throw resourceMissing('token', data.token, 'card[token]');
    return cardFromTest(card, now);
  }
  if (data.number === undefined) throw missing('card[number]');
  if (data.exp_month === undefined) throw missing('card[exp_month]');
  if (data.exp_year === undefined) throw missing('card[exp_year]');
  const number = data.number.replaceAll(/[\s-]/g, '');
  if (!isLuhnValid(number)) {
    throw cardError('incorrect_number', 'Your card number is incorrect.', 'number');
  }
  const year = data.exp_year < 100 ? 2000 + data.exp_year : data.exp_year;
  checkExpiry(data.exp_month, year, now);
  const card = testCardByNumber(number);
  if (card === undefined) {
    throw new StripeError(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'test_mode_live_card',
      message: 'Your card was declined. Your request was in test mode, but used a non test card.',
    });
  }
  return buildCard(card, data.exp_month, year, data.cvc !== undefined);
};
