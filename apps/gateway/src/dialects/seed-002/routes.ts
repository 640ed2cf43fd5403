import {
  Seed002Create,
  type Seed002Created,
  type Seed002Invoice,
  Seed002ListQuery,
  Seed002NoQuery,
  type Seed002Page,
} from '@quittance/contracts/seed-002';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { parseInput } from '../../parse-input.ts';
import { problemHandler } from '../../problem.ts';
import { keepDecimalsApart, readJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';
import { toSeed002Created, toSeed002Invoice } from './from-core.ts';
import { seed002Details } from './problem.ts';
import { toCreateInvoice, toFind, toList, unwrap } from './to-core.ts';

/** The API of seed 002, below `/admin/api`. */
export const seed002Routes = ({ core, log, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const isAdmin = authenticate(core, 'admin', (request) => request.header('api-key'));

  routes.post('/invoices', isAdmin, limitBody(bodyLimitBytes), async (c) => {
    readQuery(c.req, Seed002NoQuery);
    const context = { caller: c.var.caller, idempotencyKey: idempotencyKeyOf(c.req) };
    const json = unwrap(await readJson(c.req, keepDecimalsApart));
    const request = parseInput(Seed002Create, json);
    const invoice = await core.invoices.create(toCreateInvoice(request, context));
    const body: Seed002Created = toSeed002Created(invoice);
    return c.json(body);
  });

  routes.get('/invoices', isAdmin, async (c) => {
    const query = readQuery(c.req, Seed002ListQuery);
    const { invoices, count } = await core.everywhere.list(toList(query));
    const body: Seed002Page = { invoices: invoices.map(toSeed002Invoice), count };
    return c.json(body);
  });

  routes.get('/invoices/:id', isAdmin, async (c) => {
    const found = await core.everywhere.find(toFind(c.req.param('id')));
    const body: Seed002Invoice = toSeed002Invoice(found);
    return c.json(body);
  });

  routes.all('/invoices', onlyMethods('GET', 'POST'));
  routes.all('/invoices/:id', onlyMethods('GET'));
  routes.onError(
    problemHandler(log, { details: seed002Details, challenge: 'ApiKey header="Api-Key"' }),
  );
  return routes;
};
