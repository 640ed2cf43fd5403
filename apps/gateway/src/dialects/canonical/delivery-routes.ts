import {
  type CanonicalAttempts,
  CanonicalDeliveriesQuery,
  type CanonicalDelivery,
  type CanonicalDeliveryPage,
  CanonicalNoBody,
  CanonicalNoQuery,
} from '@quittance/contracts/canonical';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { parseInput } from '../../parse-input.ts';
import { readOptionalJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';
import { toCanonicalDelivery } from './from-core.ts';
import { toDeliveryFilter, toDeliveryId } from './to-core.ts';

/** `/v1/deliveries` and what is below it. */
export const deliveryRoutes = ({ core, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { deliveries } = core;
  const mayRead = authenticate(core, 'webhooks:read');
  const mayWrite = authenticate(core, 'webhooks:write');

  routes.get('/', mayRead, async (c) => {
    const query = readQuery(c.req, CanonicalDeliveriesQuery);
    const { after = null, limit } = query;
    const filter = toDeliveryFilter(query);
    const page = await deliveries.list({ caller: c.var.caller, filter, after, limit });
    const body: CanonicalDeliveryPage = {
      data: page.deliveries.map(toCanonicalDelivery),
      next: page.next,
    };
    return c.json(body);
  });

  routes.get('/:id', mayRead, async (c) => {
    const id = toDeliveryId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const delivery = await deliveries.get({ caller: c.var.caller, id });
    const body: CanonicalDelivery = toCanonicalDelivery(delivery);
    return c.json(body);
  });

  routes.get('/:id/attempts', mayRead, async (c) => {
    const id = toDeliveryId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const data = await deliveries.attempts({ caller: c.var.caller, id });
    const body: CanonicalAttempts = { data };
    return c.json(body);
  });

  routes.post('/:id/replay', mayWrite, limitBody(bodyLimitBytes), async (c) => {
    const id = toDeliveryId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    parseInput(CanonicalNoBody, await readOptionalJson(c.req));
    const delivery = await deliveries.replay({ caller: c.var.caller, id });
    const body: CanonicalDelivery = toCanonicalDelivery(delivery);
    return c.json(body);
  });

  routes.on('ALL', ['/', '/:id', '/:id/attempts'], onlyMethods('GET'));
  routes.all('/:id/replay', onlyMethods('POST'));
  return routes;
};
