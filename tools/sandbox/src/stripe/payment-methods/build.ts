import type { Stripe } from 'stripe';
import { z } from 'zod';
import { invalidRequest } from '../api/errors.ts';
import { newId, randomText } from '../api/ids.ts';
import * as param from '../api/params.ts';
import type { Call } from '../call.ts';
import { cardData, cardFromData } from './card.ts';
import { methodTypes, type MethodType } from './kinds.ts';

/** What describes a new payment method, in `/v1/payment_methods` and in `payment_method_data` alike. */
export const methodData = {
  type: param.oneOf(methodTypes),
  allow_redisplay: param.oneOf(['always', 'limited', 'unspecified']).optional(),
  billing_details: param.billingDetails.optional(),
  metadata: param.metadata.optional(),
  card: cardData.optional(),
  afterpay_clearpay: param.ignored,
  klarna: param.ignored,
  link: param.ignored,
  radar_options: param.ignored,
  sepa_debit: z.strictObject({ iban: param.text }).optional(),
  us_bank_account: z
    .strictObject({
      account_holder_type: param.oneOf(['individual', 'company']).optional(),
      account_number: param.text.optional(),
      account_type: param.oneOf(['checking', 'savings']).optional(),
      financial_connections_account: param.ignored,
      routing_number: param.text.optional(),
    })
    .optional(),
};

export type MethodData = z.infer<z.ZodObject<typeof methodData>>;

const noBillingDetails: Stripe.PaymentMethod.BillingDetails = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

const bankAccount = (data: MethodData): Stripe.PaymentMethod.UsBankAccount => ({
  account_holder_type: data.us_bank_account?.account_holder_type ?? 'individual',
  account_type: data.us_bank_account?.account_type ?? 'checking',
  bank_name: 'STRIPE TEST BANK',
  financial_connections_account: null,
  fingerprint: randomText(16),
  last4: (data.us_bank_account?.account_number ?? '000123456789').slice(-4),
  networks: { preferred: 'ach', supported: ['ach'] },
  routing_number: data.us_bank_account?.routing_number ?? '110000000',
  status_details: {},
});

const sepaDebit = (iban: string): Stripe.PaymentMethod.SepaDebit => ({
  bank_code: iban.slice(4, 9),
  branch_code: null,
  country: iban.slice(0, 2),
  fingerprint: randomText(16),
  generated_from: { charge: null, setup_attempt: null },
  last4: iban.slice(-4),
});

const details = (
  type: MethodType,
  data: MethodData,
  card: Stripe.PaymentMethod.Card | undefined,
  now: number,
): Partial<Stripe.PaymentMethod> => {
  switch (type) {
    case 'card': {
      if (card !== undefined) return { card };
      if (data.card === undefined) {
        throw invalidRequest('Missing required param: card.', {
          code: 'parameter_missing',
          param: 'card',
        });
      }
      return { card: cardFromData(data.card, now) };
    }
    case 'afterpay_clearpay':
      return { afterpay_clearpay: {} };
    case 'klarna':
      return { klarna: { dob: null } };
    case 'link':
      return { link: { email: data.billing_details?.email ?? null } };
    case 'sepa_debit':
      if (data.sepa_debit === undefined) {
        throw invalidRequest('Missing required param: sepa_debit.', {
          code: 'parameter_missing',
          param: 'sepa_debit',
        });
      }
      return { sepa_debit: sepaDebit(data.sepa_debit.iban) };
    case 'us_bank_account':
      return { us_bank_account: bankAccount(data) };
  }
};

/** A new payment method, recorded. `card` overrides the card data, for the ready-made test cards. */
export const createPaymentMethod = (
  call: Call,
  data: MethodData,
  card?: Stripe.PaymentMethod.Card,
): Stripe.PaymentMethod => {
  const method: Stripe.PaymentMethod = {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: data.allow_redisplay ?? 'unspecified',
    billing_details: { ...noBillingDetails, ...data.billing_details },
    ...details(data.type, data, card, call.now),
    created: call.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: data.metadata ?? {},
    type: data.type,
  };
  call.state.paymentMethods.put(method.id, method);
  return method;
};
