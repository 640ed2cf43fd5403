import {
  type CanonicalEventPage,
  CanonicalFeedQuery,
  type CanonicalMessage,
  CanonicalNoQuery,
} from '@quittance/contracts/canonical';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { readQuery } from '../../read-query.ts';
import { toCanonicalAccountEvent } from './from-core.ts';
import { toPosition } from './to-core.ts';

/** `/v1/events` and what is below it. */
export const eventRoutes = ({ core }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const mayRead = authenticate(core, 'invoices:read');

  routes.get('/', mayRead, async (c) => {
    const { after, limit } = readQuery(c.req, CanonicalFeedQuery);
    const events = await core.events.feed({ caller: c.var.caller, after, limit });
    const body: CanonicalEventPage = {
      data: events.map(toCanonicalAccountEvent),
      next: events.at(-1)?.position ?? after,
    };
    return c.json(body);
  });

  routes.get('/:position/message', mayRead, async (c) => {
    const position = toPosition(c.req.param('position'));
    readQuery(c.req, CanonicalNoQuery);
    const body: CanonicalMessage = await core.events.message({ caller: c.var.caller, position });
    return c.json(body);
  });

  routes.on('ALL', ['/', '/:position/message'], onlyMethods('GET'));
  return routes;
};
