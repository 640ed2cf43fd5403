import type { Logger } from '@quittance/runtime';
import type { ErrorHandler } from 'hono';
import { answeredError } from './answered-error.ts';
import type { GatewayEnv } from './gateway-env.ts';

/** Errors as RFC 9457 problem details: wherever no dialect has a form of its own. */
export const problemHandler =
  (log: Logger): ErrorHandler<GatewayEnv> =>
  (error, c) => {
    const { httpStatus, code, message, param } = answeredError(error, c, log);
    const problem = {
      type: 'about:blank',
      title: message,
      status: httpStatus,
      code,
      ...(param !== undefined && { param }),
      requestId: c.var.requestId,
    };
    return c.json(problem, httpStatus, { 'content-type': 'application/problem+json' });
  };
