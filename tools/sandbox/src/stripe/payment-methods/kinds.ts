/** How paying with a kind of payment method goes on. */
export interface MethodKind {
  /** The payer goes to another site, so confirming needs a `return_url`. */
  redirects?: true;
  /** The money arrives days later: the PaymentIntent is `processing` until then. */
  delayed?: true;
}

/** The payment methods that are emulated. */
export const methodTypes = [
  'card',
  'afterpay_clearpay',
  'klarna',
  'link',
  'sepa_debit',
  'us_bank_account',
] as const;

export type MethodType = (typeof methodTypes)[number];

/** What `automatic_payment_methods` offers, in the order of Stripe's own answer. */
export const automaticTypes: readonly MethodType[] = [
  'card',
  'afterpay_clearpay',
  'klarna',
  'link',
];

const kinds = new Map<string, MethodKind>([
  ['afterpay_clearpay', { redirects: true }],
  ['klarna', { redirects: true }],
  ['sepa_debit', { delayed: true }],
  ['us_bank_account', { delayed: true }],
]);

export const kindOf = (type: string): MethodKind => kinds.get(type) ?? {};
