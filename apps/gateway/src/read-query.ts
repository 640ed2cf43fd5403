import { DomainError } from '@quittance/rpc';
import type { HonoRequest } from 'hono';
import type { z } from 'zod';
import { parseInput } from './parse-input.ts';

/** The query. @throws DomainError `invalid_request` naming the parameter, also one that is given twice */
export const readQuery = <T extends z.ZodType>(request: HonoRequest, schema: T): z.output<T> => {
  const query = new Map<string, string>();
  for (const [param, value] of new URL(request.url).searchParams) {
    if (query.has(param)) throw new DomainError('invalid_request', 'is given twice', { param });
    query.set(param, value);
  }
  return parseInput(schema, Object.fromEntries(query));
};
