import {
  CanonicalNoQuery,
  type CanonicalProject,
  CanonicalProjectCreate,
  type CanonicalProjects,
  CanonicalProjectUpdate,
} from '@quittance/contracts/canonical';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { parseInput } from '../../parse-input.ts';
import { readJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';
import { toCanonicalProject, toCreateProject, toProjectId, toUpdateProject } from './projects.ts';

/** `/v1/projects` and what is below it. */
export const projectRoutes = ({ core, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { projects } = core;
  const mayRead = authenticate(core, 'account:read');
  const mayWrite = authenticate(core, 'account:write');
  const limited = limitBody(bodyLimitBytes);

  routes.post('/', mayWrite, limited, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const context = { caller: c.var.caller, idempotencyKey: idempotencyKeyOf(c.req) };
    const request = parseInput(CanonicalProjectCreate, await readJson(c.req));
    const project = await projects.create(toCreateProject(request, context));
    const body: CanonicalProject = toCanonicalProject(project);
    return c.json(body, 201, { location: `/v1/projects/${body.id}` });
  });

  routes.get('/', mayRead, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const all = await projects.list({ caller: c.var.caller });
    const body: CanonicalProjects = { data: all.map(toCanonicalProject) };
    return c.json(body);
  });

  routes.get('/:id', mayRead, async (c) => {
    const id = toProjectId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const project = await projects.get({ caller: c.var.caller, id });
    const body: CanonicalProject = toCanonicalProject(project);
    return c.json(body);
  });

  routes.patch('/:id', mayWrite, limited, async (c) => {
    const id = toProjectId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const request = parseInput(CanonicalProjectUpdate, await readJson(c.req));
    const context = { caller: c.var.caller, id };
    const project = await projects.update(toUpdateProject(request, context));
    const body: CanonicalProject = toCanonicalProject(project);
    return c.json(body);
  });

  routes.all('/', onlyMethods('GET', 'POST'));
  routes.all('/:id', onlyMethods('GET', 'PATCH'));
  return routes;
};
