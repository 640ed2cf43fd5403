import type { Logger } from '@quittance/runtime';
import type { Context, ErrorHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { answeredError } from './answered-error.ts';
import type { GatewayEnv } from './gateway-env.ts';

/** An answer as RFC 9457 problem details. */
export const problem = (
  c: Context<GatewayEnv>,
  status: ContentfulStatusCode,
  { code, message, param }: { code: string; message: string; param?: string | undefined },
): Response =>
  c.json(
    {
      type: 'about:blank',
      title: message,
      status,
      code,
      ...(param !== undefined && { param }),
      requestId: c.var.requestId,
    },
    status,
    { 'content-type': 'application/problem+json' },
  );

/** Errors as problem details: wherever no dialect has a form of its own. `paramOf` is its name of a field of ours. */
export const problemHandler =
  (log: Logger, paramOf = (param: string): string => param): ErrorHandler<GatewayEnv> =>
  (error, c) => {
    const { httpStatus, code, message, param } = answeredError(error, c, log);
    return problem(c, httpStatus, {
      code,
      message,
      param: param === undefined ? undefined : paramOf(param),
    });
  };
