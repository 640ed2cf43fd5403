import { DomainError } from '@quittance/rpc';
import type { HonoRequest } from 'hono';

type Reviver = NonNullable<Parameters<typeof JSON.parse>[1]>;

/**
 * The body as JSON.
 * @throws DomainError `unsupported_media_type`, or `invalid_request` for what is not JSON
 */
export const readJson = async (request: HonoRequest, reviver?: Reviver): Promise<unknown> => {
  const contentType = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (contentType !== 'application/json') {
    throw new DomainError('unsupported_media_type', 'The Content-Type must be application/json');
  }
  const text = await request.text();
  try {
    const value: unknown = JSON.parse(text, reviver);
    return value;
  } catch (cause) {
    throw new DomainError('invalid_request', 'The body is not valid JSON', { cause });
  }
};
