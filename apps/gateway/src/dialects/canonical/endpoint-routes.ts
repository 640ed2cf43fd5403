import {
  type CanonicalEndpoint,
  CanonicalEndpointCreate,
  type CanonicalEndpoints,
  CanonicalEndpointUpdate,
  type CanonicalEndpointWithSecret,
  CanonicalNoBody,
  CanonicalNoQuery,
  CanonicalReplay,
  type CanonicalReplayed,
  type CanonicalRotatedSecret,
  type CanonicalTested,
} from '@quittance/contracts/canonical';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { parseInput } from '../../parse-input.ts';
import { readJson, readOptionalJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';
import { toCanonicalEndpoint } from './from-core.ts';
import { toCreateEndpoint, toEndpointId, toUpdateEndpoint } from './to-core.ts';

/** `/v1/webhook-endpoints` and what is below it. */
export const endpointRoutes = ({ core, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { endpoints } = core;
  const mayRead = authenticate(core, 'webhooks:read');
  const mayWrite = authenticate(core, 'webhooks:write');
  const limited = limitBody(bodyLimitBytes);

  routes.post('/', mayWrite, limited, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const context = { caller: c.var.caller, idempotencyKey: idempotencyKeyOf(c.req) };
    const request = parseInput(CanonicalEndpointCreate, await readJson(c.req));
    const { endpoint, secret } = await endpoints.create(toCreateEndpoint(request, context));
    const body: CanonicalEndpointWithSecret = { ...toCanonicalEndpoint(endpoint), secret };
    return c.json(body, 201, { location: `/v1/webhook-endpoints/${body.id}` });
  });

  routes.get('/', mayRead, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const all = await endpoints.list({ caller: c.var.caller });
    const body: CanonicalEndpoints = { data: all.map(toCanonicalEndpoint) };
    return c.json(body);
  });

  routes.get('/:id', mayRead, async (c) => {
    const id = toEndpointId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const endpoint = await endpoints.get({ caller: c.var.caller, id });
    const body: CanonicalEndpoint = toCanonicalEndpoint(endpoint);
    return c.json(body);
  });

  routes.patch('/:id', mayWrite, limited, async (c) => {
    const id = toEndpointId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const request = parseInput(CanonicalEndpointUpdate, await readJson(c.req));
    const context = { caller: c.var.caller, id };
    const endpoint = await endpoints.update(toUpdateEndpoint(request, context));
    const body: CanonicalEndpoint = toCanonicalEndpoint(endpoint);
    return c.json(body);
  });

  routes.delete('/:id', mayWrite, limited, async (c) => {
    const id = toEndpointId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    parseInput(CanonicalNoBody, await readOptionalJson(c.req));
    const endpoint = await endpoints.remove({ caller: c.var.caller, id });
    const body: CanonicalEndpoint = toCanonicalEndpoint(endpoint);
    return c.json(body);
  });

  routes.post('/:id/rotate-secret', mayWrite, limited, async (c) => {
    const id = toEndpointId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    parseInput(CanonicalNoBody, await readOptionalJson(c.req));
    const { endpoint, ...secrets } = await endpoints.rotateSecret({ caller: c.var.caller, id });
    const body: CanonicalRotatedSecret = { ...toCanonicalEndpoint(endpoint), ...secrets };
    return c.json(body);
  });

  routes.post('/:id/test', mayWrite, limited, async (c) => {
    const id = toEndpointId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    parseInput(CanonicalNoBody, await readOptionalJson(c.req));
    const body: CanonicalTested = await endpoints.test({ caller: c.var.caller, id });
    return c.json(body);
  });

  routes.post('/:id/replay', mayWrite, limited, async (c) => {
    const id = toEndpointId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const what = parseInput(CanonicalReplay, await readJson(c.req));
    const body: CanonicalReplayed = await endpoints.replay({ caller: c.var.caller, id, what });
    return c.json(body);
  });

  routes.all('/', onlyMethods('GET', 'POST'));
  routes.all('/:id', onlyMethods('GET', 'PATCH', 'DELETE'));
  routes.on('ALL', ['/:id/rotate-secret', '/:id/test', '/:id/replay'], onlyMethods('POST'));
  return routes;
};
