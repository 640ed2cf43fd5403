import { DomainError } from '@quittance/rpc';
import type { HonoRequest } from 'hono';

export type Reviver = NonNullable<Parameters<typeof JSON.parse>[1]>;

/** What the body is said to be, without parameters. */
export const mediaTypeOf = (request: HonoRequest): string | undefined =>
  request.header('content-type')?.split(';')[0]?.trim().toLowerCase();

/**
 * The body as JSON.
 * @throws DomainError `unsupported_media_type`, or `invalid_request` for what is not JSON
 */
export const readJson = async (request: HonoRequest, reviver?: Reviver): Promise<unknown> => {
  if (mediaTypeOf(request) !== 'application/json') {
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

/** The body as JSON, or an empty object where there is none. @throws DomainError as `readJson` does */
export const readOptionalJson = async (request: HonoRequest, reviver?: Reviver): Promise<unknown> =>
  (await request.text()) === '' ? {} : readJson(request, reviver);

const keepText =
  (unless: RegExp): Reviver =>
  (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && !unless.test(source)
      ? source
      : value;
  };

/** A JSON reviver that leaves a number that is written as no integer as its text, so that nothing rounds it to one. */
export const keepIntegersExact = keepText(/^-?\d+(?:\.0+)?$/);

/** The same, where even `33.00` can only be meant as something else than 33. */
export const keepDecimalsApart = keepText(/^-?\d+$/);
