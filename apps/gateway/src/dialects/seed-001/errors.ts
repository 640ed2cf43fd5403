import type { Seed001Error } from '@quittance/contracts/seed-001';
import { DomainError, type DomainErrorCode, toDomainError } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import type { Context, ErrorHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { answeredError, closeIfUnread } from '../../answered-error.ts';
import type { GatewayEnv } from '../../gateway-env.ts';

const params = new Map([
  ['money.amount', 'amount'],
  ['options.title', 'title'],
]);

const answer = (
  c: Context<GatewayEnv>,
  msg: string,
  status: DomainError['httpStatus'] | 405,
): Response => {
  const body: Seed001Error = { status: 'error', msg };
  return c.json(body, status);
};

export const errorHandler =
  (log: Logger): ErrorHandler<GatewayEnv> =>
  (error, c) => {
    const { httpStatus, message, param } = answeredError(error, c, log, 'Pin parameter="pin"');
    const field = param === undefined ? undefined : (params.get(param) ?? param);
    return answer(c, field === undefined ? message : `${field} ${message}`, httpStatus);
  };

/** Says in the original's words what the core refuses with these codes. */
export const inWords = async <T>(
  asked: Promise<T>,
  words: Partial<Record<DomainErrorCode, string>>,
): Promise<T> => {
  try {
    return await asked;
  } catch (cause) {
    const { code } = toDomainError(cause);
    const message = words[code];
    if (message === undefined) throw cause;
    throw new DomainError(code, message, { cause });
  }
};

const allow = 'GET, POST, OPTIONS';

/** Lets GET and POST through, and no HEAD, which would make an invoice where GET does. */
export const getOrPost = createMiddleware<GatewayEnv>(async (c, next) => {
  if (['GET', 'POST'].includes(c.req.method)) return next();
  c.header('allow', allow);
  closeIfUnread(c);
  if (c.req.method === 'OPTIONS') return c.body(null, 204);
  return answer(c, `${c.req.path} takes ${allow}`, 405);
});
