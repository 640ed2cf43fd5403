import { TRPCClientError, type TRPCLink } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { observable } from '@trpc/server/observable';
import type { TRPCErrorResponse } from '@trpc/server/rpc';
import { z } from 'zod';
import { toDomainError } from './errors.ts';
import type { Transport } from './transport.ts';

const isError = (envelope: unknown): envelope is TRPCErrorResponse =>
  typeof envelope === 'object' && envelope !== null && 'error' in envelope;

const failureOf = (envelope: unknown): Error | TRPCErrorResponse =>
  isError(envelope) ? envelope : new Error('The answer is not a tRPC envelope');

const success = z.object({ result: z.object({ data: z.unknown() }) });

/** The terminating tRPC link over either transport. An abort rejects at once, whatever the other side does. */
export const transportLink =
  <R extends AnyTRPCRouter>(transport: Transport): TRPCLink<R> =>
  () =>
  ({ op }) =>
    observable((observer) => {
      const { path, type, input } = op;
      const signal = op.signal ?? undefined;
      if (type === 'subscription') throw new Error('Services offer no subscriptions');

      const fail = (error: Error | TRPCErrorResponse): void =>
        observer.error(TRPCClientError.from(error));
      const onAbort = (): void => fail(new DOMException('The call was aborted', 'AbortError'));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });

      transport({ path, type, input, signal })
        .then((envelope) => {
          const parsed = success.safeParse(envelope);
          if (!parsed.success) return fail(failureOf(envelope));
          observer.next({ result: { type: 'data', data: parsed.data.result.data } });
          return observer.complete();
        })
        .catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))))
        .finally(() => signal?.removeEventListener('abort', onAbort));
      return undefined;
    });

/** Awaits a client call, with its failure as the DomainError that the other side threw, or the AbortError of our own signal. */
export const settled = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw toDomainError(error);
  }
};
