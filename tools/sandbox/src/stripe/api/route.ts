import { z } from 'zod';
import type { Call } from '../call.ts';
import { list, text } from './params.ts';
import { toParameterError } from './parameter-errors.ts';

export interface Prepared {
  expand: string[];
  run: (call: Call, id: string) => object;
}

/** One operation of the API; `path` has at most one parameter, `:id`, and it is the third segment. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  allowsPublishableKey: boolean;
  /** @throws StripeError when the parameters are not valid; nothing has been executed then. */
  prepare: (raw: Record<string, unknown>) => Prepared;
}

const expandSchema = list(text).default([]);

type Params<S extends z.ZodRawShape> = z.infer<z.ZodObject<S, z.core.$strict>>;

/**
 * Declares an operation: its parameters (`expand` is common to all) and its handler.
 * `check` refuses combinations of parameters before anything is executed.
 */
export const route = <S extends z.ZodRawShape>(
  method: Route['method'],
  path: string,
  shape: S,
  handler: (call: Call, params: Params<S>, id: string) => object,
  {
    allowsPublishableKey = false,
    check,
  }: { allowsPublishableKey?: boolean; check?: (params: Params<S>) => void } = {},
): Route => {
  const schema = z.strictObject(shape);
  return {
    method,
    path,
    allowsPublishableKey,
    prepare: (raw) => {
      const { expand: expandRaw, ...rest } = raw;
      const expand = expandSchema.safeParse(expandRaw);
      if (!expand.success) throw toParameterError(expand.error, raw);
      const params = schema.safeParse(rest);
      if (!params.success) throw toParameterError(params.error, raw);
      check?.(params.data);
      return { expand: expand.data, run: (call, id) => handler(call, params.data, id) };
    },
  };
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

export interface MatchedRoute {
  route: Route;
  id: string;
}

/** Finds a route without scanning: by the path itself, then with its third segment as `:id`. */
export const createRouter = (routes: readonly Route[]) => {
  const byPath = new Map(routes.map((entry) => [`${entry.method} ${entry.path}`, entry]));
  return (method: string, path: string): MatchedRoute | undefined => {
    const exact = byPath.get(`${method} ${path}`);
    if (exact !== undefined) return { route: exact, id: '' };
    const [root = '', version = '', resource = '', id = '', ...rest] = path.split('/');
    const found = byPath.get(`${method} ${[root, version, resource, ':id', ...rest].join('/')}`);
    return found === undefined || id === '' ? undefined : { route: found, id: decoded(id) };
  };
};
