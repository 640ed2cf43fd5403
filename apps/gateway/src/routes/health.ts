import type { InvoiceCore } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { Hono } from 'hono';
import type { GatewayEnv } from '../gateway-env.ts';

/** A core that gives no answer does not serve, whatever it may be doing. */
const cannotServe = (cause: unknown): never => {
  throw new DomainError('unavailable', 'The hub cannot serve now', { cause });
};

/**
 * `/healthz`: this process runs. `/readyz`: it can serve, down to the database. A provider that does not answer is told
 * there, but takes no hub out of rotation: the others would reach it no better, and all but its own calls still work.
 */
export const healthRoutes = (core: InvoiceCore): Hono<GatewayEnv> =>
  new Hono<GatewayEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const { providers } = await core.ready().catch(cannotServe);
      const isDegraded = Object.values(providers).includes('unreachable');
      return c.json({ status: isDegraded ? 'degraded' : 'ready', providers });
    });
