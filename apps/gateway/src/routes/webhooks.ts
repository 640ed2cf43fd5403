import { type InvoiceCore, ProviderName } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { Hono } from 'hono';
import type { GatewayEnv } from '../gateway-env.ts';
import { limitBody } from '../middleware/limit-body.ts';

/**
 * Providers' webhooks: the raw body goes to the core, and the reply it prepared comes back. Where a provider's webhooks
 * prove nothing themselves, the end of the path vouches for them.
 */
export const webhookRoutes = ({
  core,
  bodyLimitBytes,
}: {
  core: InvoiceCore;
  bodyLimitBytes: number;
}): Hono<GatewayEnv> =>
  new Hono<GatewayEnv>().post('/:provider/:token?', limitBody(bodyLimitBytes), async (c) => {
    const provider = ProviderName.safeParse(c.req.param('provider'));
    if (!provider.success) throw new DomainError('not_found', 'There is no such provider');
    const headers = Object.fromEntries(c.req.raw.headers);
    const webhook = { headers, body: await c.req.text() };
    const token = c.req.param('token') ?? null;
    const reply = await core.webhooks.receive({ provider: provider.data, token, webhook });
    const body = reply.body === '' ? null : reply.body;
    return new Response(body, { status: reply.status, headers: reply.headers });
  });
