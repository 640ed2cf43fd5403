import { type DomainError, toDomainError } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import type { Context } from 'hono';
import type { GatewayEnv } from './gateway-env.ts';

/** What is left unread would be taken for the next request, so the connection cannot be used again. */
export const closeIfUnread = (c: Context<GatewayEnv>): void => {
  const { method, bodyUsed } = c.req.raw;
  if (method !== 'GET' && method !== 'HEAD' && !bodyUsed) c.header('connection', 'close');
};

/**
 * The error that a request is answered with. What nobody foresaw is logged, and shows nothing of itself. `challenge`
 * says how to authenticate.
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
    log.error({ err: domain.cause ?? domain, requestId: c.var.requestId, method, path });
  }
  if (domain.code === 'unauthenticated') c.header('www-authenticate', challenge);
  if (domain.code === 'payload_too_large') c.header('connection', 'close');
  closeIfUnread(c);
  return domain;
};
