import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import { automaticTypes, kindOf, type MethodType } from '../payment-methods/kinds.ts';
import type { CreateParams, MethodOptions } from './params.ts';

/** The account's one payment method configuration. */
const configurationId = 'pmc_1Q7sandboxQuittance0001x';

type Options = Stripe.PaymentIntent.PaymentMethodOptions;

const defaultOptions = {
  afterpay_clearpay: { reference: null },
  card: {
    installments: null,
    mandate_options: null,
    network: null,
    request_three_d_secure: 'automatic',
  },
  klarna: { preferred_locale: null },
  link: { persistent_token: null },
  sepa_debit: {},
  us_bank_account: { verification_method: 'automatic' },
} satisfies Record<MethodType, Options[MethodType]>;

/** What a PaymentIntent offers to pay with. */
export type MethodOffer = Pick<
  Stripe.PaymentIntent,
  | 'allowed_payment_method_types'
  | 'automatic_payment_methods'
  | 'excluded_payment_method_types'
  | 'payment_method_configuration_details'
  | 'payment_method_options'
  | 'payment_method_types'
>;

const withCardOptions = (options: Options, change: MethodOptions | undefined): Options =>
  options.card === undefined || !change?.card
    ? options
    : {
        ...options,
        card: {
          ...options.card,
          ...(change.card.capture_method ? { capture_method: change.card.capture_method } : {}),
          request_three_d_secure:
            change.card.request_three_d_secure ?? options.card.request_three_d_secure,
        },
      };

const optionsFor = (types: readonly string[], change: MethodOptions | undefined): Options => {
  const offered = Object.fromEntries(
    Object.entries(defaultOptions)
      .filter(([type]) => types.includes(type))
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
  return withCardOptions(offered, change);
};

/** Methods are automatic unless turned off, since API version 2023-08-16. */
export const offerMethods = (
  params: Pick<
    CreateParams,
    | 'allowed_payment_method_types'
    | 'automatic_payment_methods'
    | 'excluded_payment_method_types'
    | 'payment_method_options'
  >,
): MethodOffer => {
  const automatic = params.automatic_payment_methods?.enabled ?? true;
  const redirects = params.automatic_payment_methods?.allow_redirects ?? 'always';
  const allowed = params.allowed_payment_method_types;
  const excluded = params.excluded_payment_method_types ?? [];
  const candidates: readonly MethodType[] = allowed ?? (automatic ? automaticTypes : ['card']);
  const types = candidates.filter(
    (type) => !excluded.includes(type) && !(redirects === 'never' && kindOf(type).redirects),
  );
  if (types.length === 0) {
    throw invalidRequest(
      'No valid payment method types for this Payment Intent. Please ensure that you have activated payment methods compatible with your chosen currency in your dashboard or specify valid payment method types.',
    );
  }
  return {
    allowed_payment_method_types: allowed ?? null,
    automatic_payment_methods: automatic ? { allow_redirects: redirects, enabled: true } : null,
    excluded_payment_method_types: excluded.length === 0 ? null : excluded,
    payment_method_configuration_details: automatic ? { id: configurationId, parent: null } : null,
    payment_method_options: optionsFor(types, params.payment_method_options),
    payment_method_types: types,
  };
};

/** The offer of an existing intent after a change of its parameters. */
export const changeOffer = (
  intent: Stripe.PaymentIntent,
  params: Pick<
    CreateParams,
    'allowed_payment_method_types' | 'excluded_payment_method_types' | 'payment_method_options'
  >,
): Partial<MethodOffer> => {
  if (
    params.allowed_payment_method_types === undefined &&
    params.excluded_payment_method_types === undefined
  ) {
    const options = withCardOptions(
      intent.payment_method_options ?? {},
      params.payment_method_options,
    );
    return { payment_method_options: options };
  }
  const redirects = intent.automatic_payment_methods?.allow_redirects;
  return offerMethods({
    ...params,
    automatic_payment_methods: {
      enabled: intent.automatic_payment_methods !== null,
      allow_redirects: redirects === 'never' ? 'never' : 'always',
    },
  });
};
