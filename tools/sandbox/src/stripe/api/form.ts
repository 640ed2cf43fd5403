import qs from 'qs';
import type { ApiRequest } from '../../emulator.ts';
import { invalidRequest } from './errors.ts';

/** Reads `a[b][0]=c` as Stripe's form encoding does: every leaf is text. */
export const parseForm = (text: string): Record<string, unknown> =>
  text === ''
    ? {}
    : qs.parse(text, {
        plainObjects: true,
        depth: 10,
        arrayLimit: 1_000,
        parameterLimit: 2_000,
        allowSparse: true,
        ignoreQueryPrefix: true,
      });

/** The text that holds the parameters of a call: the body of a POST, else the query. */
export const formOf = ({ method, headers, body, query }: ApiRequest): string => {
  if (method !== 'POST') return query;
  const type = headers['content-type'] ?? '';
  if (body.length > 0 && type !== '' && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
    );
  }
  return body.toString();
};
