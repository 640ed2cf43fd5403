import type { ApiRequest } from '../../emulator.ts';

type Params = Record<string, unknown>;

/** Source: the changelog of 2026-09-30.endive. */
const typesRemovedIn = '2026-09-30';

const versionOf = ({ headers }: ApiRequest): string | undefined => {
  const version = headers['stripe-version'];
  return Array.isArray(version) ? version[0] : version;
};

/**
 * The parameters of a call as today's API names them. Calls of an older `Stripe-Version` may name the
 * `payment_method_types` of a PaymentIntent, and so may those that ask for no version, as the Stripe CLI does.
 */
export const fromOlderVersion = (params: Params, request: ApiRequest): Params => {
  const { payment_method_types: types, ...rest } = params;
  const version = versionOf(request);
  const isOlder = version === undefined || version < typesRemovedIn;
  if (types === undefined || !isOlder || !request.path.startsWith('/v1/payment_intents')) {
    return params;
  }
  return request.path === '/v1/payment_intents'
    ? {
        automatic_payment_methods: { enabled: 'false' },
        ...rest,
        allowed_payment_method_types: types,
      }
    : { ...rest, allowed_payment_method_types: types };
};
