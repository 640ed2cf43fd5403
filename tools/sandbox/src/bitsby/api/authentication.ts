import { z } from 'zod';
import { invalidApiKey } from './errors.ts';

/** Any key of this form has an account here. */
export const apiKey = z
  .string()
  .regex(/^[A-Za-z0-9]{16,}$/, 'must be at least 16 letters and digits');

/** The API key of `Authorization: Token <API key>`. @throws BitsbyError when it is none */
export const authenticate = (authorization: string | undefined): string => {
  const [scheme, credentials] = (authorization ?? '').trim().split(/\s+/);
  const key = apiKey.safeParse(credentials);
  if (scheme !== 'Token' || !key.success) throw invalidApiKey();
  return key.data;
};
