import {
  CanonicalNoQuery,
  type CanonicalPolicy,
  CanonicalPolicyUpdate,
} from '@quittance/contracts/canonical';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { parseInput } from '../../parse-input.ts';
import { keepIntegersExact, readJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';

/** `/v1/policy`: how the account takes payments that do not fit. */
export const policyRoutes = ({ core, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { identities } = core;
  const mayRead = authenticate(core, 'account:read');
  const mayWrite = authenticate(core, 'account:write');

  routes.get('/', mayRead, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const { accountId } = c.var.caller;
    const body: CanonicalPolicy = await identities.policy({ accountId });
    return c.json(body);
  });

  routes.put('/', mayWrite, limitBody(bodyLimitBytes), async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const policy = parseInput(CanonicalPolicyUpdate, await readJson(c.req, keepIntegersExact));
    const { accountId } = c.var.caller;
    const body: CanonicalPolicy = await identities.setPolicy({ accountId, policy });
    return c.json(body);
  });

  routes.all('/', onlyMethods('GET', 'PUT'));
  return routes;
};
