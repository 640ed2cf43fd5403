import { hash } from 'node:crypto';
import type { DisputeKindName } from '../disputes/kinds.ts';

export interface Decline {
  code: string;
  declineCode?: string;
  message: string;
}

export interface TestCard {
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  country: string;
  /** Names after `pm_card_` and `tok_`. */
  names: string[];
  /** `off_session`: only when the payer is away. */
  authentication?: 'always' | 'off_session';
  /** What the issuer says once the payer is authenticated; absent means yes. */
  decline?: Decline;
  /** The bank disputes the charge as soon as it is captured. */
  dispute?: DisputeKindName;
  /** Refunds `fail` later although they succeed at first, or are `pending` and succeed later. */
  refund?: 'fail' | 'pending';
  /** Attaching it to a customer works although charging it is declined. */
  attachable?: true;
}

const declined = (declineCode: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
});

const insufficientFunds = declined('insufficient_funds', 'Your card has insufficient funds.');

const approved = (
  number: string,
  brand: string,
  names: string[],
  funding: TestCard['funding'] = 'credit',
): TestCard => ({ number, brand, funding, country: 'US', names });

const visa = (number: string, names: string[], rest: Partial<TestCard>): TestCard => ({
  ...approved(number, 'visa', names),
  ...rest,
});

/** Source: https://docs.stripe.com/testing. The names without a brand are the older spellings of the same cards. */
export const testCards: readonly TestCard[] = [
  approved('4242424242424242', 'visa', ['visa', 'us']),
  approved('4012888888881881', 'visa', []),
  approved('4000056655665556', 'visa', ['visa_debit'], 'debit'),
  approved('5555555555554444', 'mastercard', ['mastercard']),
  approved('2223003122003222', 'mastercard', []),
  approved('5200828282828210', 'mastercard', ['mastercard_debit'], 'debit'),
  approved('5105105105105100', 'mastercard', ['mastercard_prepaid'], 'prepaid'),
  approved('378282246310005', 'amex', ['amex']),
  approved('6011111111111117', 'discover', ['discover']),
  approved('3056930009020004', 'diners', ['diners']),
  approved('3566002020360505', 'jcb', ['jcb']),
  approved('6200000000000005', 'unionpay', ['unionpay']),
  visa('4000000000000002', ['chargeDeclined', 'visa_chargeDeclined'], {
    decline: declined('generic_decline'),
  }),
  visa(
    '4000000000009995',
    ['chargeDeclinedInsufficientFunds', 'visa_chargeDeclinedInsufficientFunds'],
    { decline: insufficientFunds },
  ),
  visa('4000000000009987', ['chargeDeclinedLostCard', 'visa_chargeDeclinedLostCard'], {
    decline: declined('lost_card'),
  }),
  visa('4000000000009979', ['chargeDeclinedStolenCard', 'visa_chargeDeclinedStolenCard'], {
    decline: declined('stolen_card'),
  }),
  visa('4000000000000069', ['chargeDeclinedExpiredCard'], {
    decline: { code: 'expired_card', message: 'Your card has expired.' },
  }),
  visa('4000000000000127', ['chargeDeclinedIncorrectCvc'], {
    decline: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  }),
  visa('4000000000000119', ['chargeDeclinedProcessingError'], {
    decline: {
      code: 'processing_error',
      message: 'An error occurred while processing your card. Try again in a little bit.',
    },
  }),
  visa(
    '4000000000006975',
    ['chargeDeclinedVelocityLimitExceeded', 'visa_chargeDeclinedVelocityLimitExceeded'],
    { decline: declined('card_velocity_exceeded') },
  ),
  visa('4100000000000019', ['radarBlock', 'chargeDeclinedFraudulent'], {
    decline: declined('fraudulent'),
  }),
  visa('4000000000000341', ['chargeCustomerFail'], {
    decline: declined('generic_decline'),
    attachable: true,
  }),
  visa('4000000000000259', ['createDispute', 'visa_createDispute'], { dispute: 'fraudulent' }),
  visa(
    '4000000000002685',
    ['createDisputeProductNotReceived', 'visa_createDisputeProductNotReceived'],
    { dispute: 'product_not_received' },
  ),
  visa('4000000000001976', ['createDisputeInquiry', 'visa_createDisputeInquiry'], {
    dispute: 'inquiry',
  }),
  visa('4000000000005126', ['refundFail'], { refund: 'fail' }),
  visa('4000000000007726', ['pendingRefund'], { refund: 'pending' }),
  visa('4000000000003220', ['threeDSecure2Required'], { authentication: 'always' }),
  visa('4000000000003063', ['threeDSecureRequired'], { authentication: 'always' }),
  visa('4000002760003184', ['authenticationRequired'], { authentication: 'always' }),
  visa('4000002500003155', ['authenticationRequiredOnSetup'], { authentication: 'off_session' }),
  visa('4000003800000446', ['authenticationRequiredSetupForOffSession'], {
    authentication: 'off_session',
  }),
  visa('4000000000003055', ['threeDSecureOptional'], {}),
  visa('4000008400001629', ['threeDSecureRequiredChargeDeclined'], {
    authentication: 'always',
    decline: declined('generic_decline'),
  }),
  visa('4000008260003178', ['authenticationRequiredChargeDeclinedInsufficientFunds'], {
    authentication: 'always',
    decline: insufficientFunds,
  }),
];

/** Stripe's `fingerprint` identifies a card number; here it also leads back to the test card. */
export const fingerprintOf = (number: string): string =>
  hash('sha256', number, 'base64url').replaceAll(/[-_]/g, '0').slice(0, 16);

const byNumber = new Map(testCards.map((card) => [card.number, card]));
const byFingerprint = new Map(testCards.map((card) => [fingerprintOf(card.number), card]));
const byName = new Map(testCards.flatMap((card) => card.names.map((name) => [name, card])));

export const testCardByNumber = (number: string): TestCard | undefined => byNumber.get(number);

export const testCardByFingerprint = (
  fingerprint: string | null | undefined,
): TestCard | undefined => byFingerprint.get(fingerprint ?? '');

/** `pm_card_visa` or `tok_visa`. */
export const testCardByName = (id: string): TestCard | undefined =>
  byName.get(id.replace(/^(pm_card_|tok_)/, ''));

/** Whether the number passes the check digit of ISO/IEC 7812. */
export const isLuhnValid = (number: string): boolean => {
  const sum = number
    .split('')
    .toReversed()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return /^\d{12,19}$/.test(number) && sum % 10 === 0;
};
