import { type DomainError, toDomainError } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import type { Context } from 'hono';
import type { GatewayEnv } from './gateway-env.ts';

/** What is left unread would be taken for the next request, so the connection cannot be used again. */
export const closeIfUnread = (c: Context<GatewayEnv>): void => {
  const { method, bodyUsed } = c.req.raw;
  if (method !== 'GET' && method !== 'HEAD' && !bodyUsed) c.header('connection', 'close');
};

/** A path as logs may have it: what ends the path of a webhook is a secret. */
const loggedPath = (path: string): string =>
  path.replace(/^(\/webhooks\/[^/]*\/).+$/s, '$1[redacted]');

/**
 * The error that a request is answered with, and the headers that go with it. What nobody foresaw is logged, and shows
 * nothing of itself. `challenge` says how to authenticate.
 */
export const answeredError = (
  error: unknown,
  c: Context<GatewayEnv>,
  log: Logger,
  challenge = 'Bearer',
): DomainError => {
  const domain = toDomainError(error);
  if (domain.code === 'internal') {
    const { method, path } = c.req;
    const where = { requestId: c.var.requestId, method, path: loggedPath(path) };
    log.error({ err: domain.cause ?? domain, ...where });
  }
  if (domain.code === 'unauthenticated') c.header('www-authenticate', challenge);
  if (domain.retryAfterMs !== undefined) {
    c.header('retry-after', String(Math.ceil(domain.retryAfterMs / 1000)));
  }
  if (domain.code === 'payload_too_large') c.header('connection', 'close');
  closeIfUnread(c);
  return domain;
};
