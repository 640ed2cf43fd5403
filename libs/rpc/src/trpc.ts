import { initTRPC } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { toDomainError } from './errors.ts';

const t = initTRPC.create({
  isDev: false,
  errorFormatter: ({ error, path }) => {
    const domain = toDomainError(error);
    return {
      message: domain.message,
      code: TRPC_ERROR_CODES_BY_KEY[domain.trpcCode],
      data: {
        code: domain.trpcCode,
        httpStatus: domain.httpStatus,
        reason: domain.code,
        ...(domain.param !== undefined && { param: domain.param }),
        ...(domain.refusal && { refusal: domain.refusal }),
        ...(domain.retryAfterMs !== undefined && { retryAfterMs: domain.retryAfterMs }),
        ...(path !== undefined && { path }),
      },
    };
  },
});

export const router = t.router;
export const procedure = t.procedure;
