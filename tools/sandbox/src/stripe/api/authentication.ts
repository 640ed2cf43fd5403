import { invalidRequest, type StripeError } from './errors.ts';

export interface Caller {
  apiKey: string;
  /** A publishable key may only retrieve and confirm a PaymentIntent whose client secret it knows. */
  publishable: boolean;
}

const keyOf = (authorization: string | undefined): string | undefined => {
  const [scheme = '', credentials = ''] = (authorization ?? '').trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(credentials, 'base64').toString().split(':', 1)[0];
};

const masked = (key: string): string =>
  key.length <= 12
    ? '*'.repeat(key.length)
    : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;

const unauthorized = (message: string): StripeError => invalidRequest(message, {}, 401);

/** Accepts any test key, as Bearer token or Basic user name. */
export const authenticate = (authorization: string | undefined): Caller => {
  const key = keyOf(authorization);
  if (key === undefined || key === '') {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    );
  }
  if (/^sk_test_\w+$/.test(key)) return { apiKey: key, publishable: false };
  if (/^pk_test_\w+$/.test(key)) return { apiKey: key, publishable: true };
  throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
};

export const secretKeyRequired = (): StripeError =>
  invalidRequest(
    'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
    { code: 'secret_key_required' },
    403,
  );
