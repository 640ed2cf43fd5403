import { createHash, timingSafeEqual } from 'node:crypto';
import type { InvoiceCore } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { Hono } from 'hono';
import type { GatewayEnv } from '../gateway-env.ts';
import { bearerKey } from '../middleware/authenticate.ts';
import { onlyMethods } from '../middleware/only-methods.ts';

/** Of one length, whatever was sent, so that they can be compared in constant time. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What is measured, in the text format of Prometheus, for who has the token. */
export const metricsRoutes = (core: InvoiceCore, token: string): Hono<GatewayEnv> => {
  const expected = digest(token);
  const routes = new Hono<GatewayEnv>();

  routes.get('/', async (c) => {
    if (!timingSafeEqual(digest(bearerKey(c.req) ?? ''), expected)) {
      throw new DomainError('unauthenticated', 'The token of the metrics is required');
    }
    const text = await core.metrics();
    return c.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  routes.all('/', onlyMethods('GET'));
  return routes;
};
