import { DomainError } from '@quittance/rpc';
import type { HonoRequest } from 'hono';

const name = 'Idempotency-Key';
const form = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The request's Idempotency-Key, if it has one. @throws DomainError `invalid_request` for a malformed one */
export const idempotencyKeyOf = (request: HonoRequest): string | null => {
  const key = request.header(name);
  if (key === undefined) return null;
  if (form.test(key)) return key;
  throw new DomainError('invalid_request', 'must be 1 to 255 printable ASCII characters', {
    param: name,
  });
};
