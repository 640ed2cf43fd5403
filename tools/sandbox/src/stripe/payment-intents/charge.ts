import type { Stripe } from 'stripe';
import { newId, randomText } from '../api/ids.ts';
import { recordCharge } from '../balance/charge-transactions.ts';
import type { Call } from '../call.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import { pageUrl } from './page-url.ts';

export type ChargeResult =
  | { status: 'succeeded'; captured: boolean; authenticated: boolean }
  | { status: 'pending' }
  | { status: 'failed'; decline: Decline };

const threeDSecure: Stripe.Charge.PaymentMethodDetails.Card['three_d_secure'] = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: null,
  version: '2.2.0',
};

const cardDetails = (
  card: Stripe.PaymentMethod.Card,
  amount: number,
  result: ChargeResult,
): Stripe.Charge.PaymentMethodDetails.Card => ({
  amount_authorized: result.status === 'succeeded' ? amount : null,
  authorization_code: result.status === 'succeeded' ? randomText(6).toUpperCase() : null,
  brand: card.brand,
  checks: {
    address_line1_check: null,
    address_postal_code_check: null,
    cvc_check: result.status === 'succeeded' ? 'pass' : null,
  },
  country: card.country,
  electronic_commerce_indicator: null,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  extended_authorization: { status: 'disabled' },
  fingerprint: card.fingerprint ?? null,
  funding: card.funding,
  incremental_authorization: { status: 'unavailable' },
  installments: null,
  last4: card.last4,
  mandate: null,
  multicapture: { status: 'unavailable' },
  network: card.brand,
  network_token: { used: false },
  network_transaction_id: result.status === 'succeeded' ? randomText(15) : null,
  overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
  regulated_status: card.regulated_status,
  three_d_secure: result.status === 'succeeded' && result.authenticated ? threeDSecure : null,
  transaction_link_id: null,
  wallet: null,
});

const outcomeOf = (result: ChargeResult): Stripe.Charge.Outcome =>
  result.status === 'failed'
    ? {
        advice_code: null,
        network_advice_code: null,
        network_decline_code: null,
        network_status: 'declined_by_network',
        reason: result.decline.declineCode ?? result.decline.code,
        risk_level: 'normal',
        seller_message: 'The bank did not return any further details with this decline.',
        type: 'issuer_declined',
      }
    : {
        advice_code: null,
        network_advice_code: null,
        network_decline_code: null,
        network_status: 'approved_by_network',
        reason: null,
        risk_level: 'normal',
        risk_score: 1,
        seller_message: 'Payment complete.',
        type: 'authorized',
      };

/** The charge of one attempt to pay; recorded, with no event yet. */
export const createCharge = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  result: ChargeResult,
): Stripe.Charge => {
  const captured = result.status === 'succeeded' && result.captured;
  const built: Stripe.Charge = {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor ?? 'SANDBOX',
    captured,
    created: call.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: result.status === 'failed' ? result.decline.code : null,
    failure_message: result.status === 'failed' ? result.decline.message : null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(result),
    paid: result.status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      type: method.type,
      ...(method.card === undefined
        ? {}
        : { card: cardDetails(method.card, intent.amount, result) }),
    },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: result.status === 'failed' ? null : pageUrl(call.origin, intent.id),
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: result.status,
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
  const charge = captured ? { ...built, balance_transaction: recordCharge(call, built).id } : built;
  call.state.charges.put(charge.id, charge);
  return charge;
};

/** The charge that the intent's latest attempt made. */
export const latestCharge = (call: Call, intent: Stripe.PaymentIntent): Stripe.Charge | undefined =>
  typeof intent.latest_charge === 'string'
    ? call.state.charges.get(intent.latest_charge)
    : undefined;
