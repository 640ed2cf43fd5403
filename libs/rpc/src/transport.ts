import { type AnyTRPCRouter, callTRPCProcedure, getTRPCErrorShape, TRPCError } from '@trpc/server';
import { toDomainError } from './errors.ts';
import { parseJson } from './json.ts';

export interface Call {
  /** The procedure, e.g. `invoices.create`. */
  path: string;
  type: 'query' | 'mutation';
  input: unknown;
  signal?: AbortSignal | undefined;
}

/** Carries a call to a router and brings back tRPC's envelope, `{ result: { data } }` or `{ error }`, as parsed JSON. */
export type Transport = (call: Call) => Promise<unknown>;

/** What is told of an error nobody foresaw, where it happened; its message goes no further. */
export type UnexpectedErrorHandler = (error: unknown, path: string) => void;

export interface Execution {
  httpStatus: number;
  /** The envelope as JSON text. */
  body: string;
}

/**
 * Runs one procedure: input validated, output validated and stripped, errors formatted. Both transports go through
 * this, so a caller cannot tell them apart.
 */
export const execute = async (
  router: AnyTRPCRouter,
  call: Call & { allowMethodOverride?: boolean },
  onUnexpectedError: UnexpectedErrorHandler,
): Promise<Execution> => {
  const { path, type, input, signal, allowMethodOverride = false } = call;
  try {
    const data: unknown = await callTRPCProcedure({
      router,
      path,
      type,
      getRawInput: () => Promise.resolve(input),
      ctx: {},
      signal,
      batchIndex: 0,
      allowMethodOverride,
    });
    return { httpStatus: 200, body: JSON.stringify({ result: { data } }) };
  } catch (cause) {
    const error =
      cause instanceof TRPCError
        ? cause
        : new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error', cause });
    const domain = toDomainError(error);
    if (domain.code === 'internal') onUnexpectedError(error.cause ?? error, path);
    const config = router._def._config;
    const shape: unknown = getTRPCErrorShape({ config, error, type, path, input, ctx: {} });
    return { httpStatus: domain.httpStatus, body: JSON.stringify({ error: shape }) };
  }
};

/** Calls a router in this process, with the JSON that HTTP would carry. */
export const directTransport =
  (router: AnyTRPCRouter, onUnexpectedError: UnexpectedErrorHandler): Transport =>
  async ({ input, ...call }) => {
    const json = input === undefined ? undefined : JSON.stringify(input);
    const wireInput = json === undefined ? undefined : parseJson(json);
    const { body } = await execute(router, { ...call, input: wireInput }, onUnexpectedError);
    return parseJson(body);
  };
