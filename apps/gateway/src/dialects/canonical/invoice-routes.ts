import {
  CanonicalCreate,
  type CanonicalEvents,
  type CanonicalExplanation,
  CanonicalGetQuery,
  type CanonicalInvoice,
  type CanonicalInvoicePage,
  CanonicalListQuery,
  CanonicalNoBody,
  CanonicalNoQuery,
  CanonicalRefundCreate,
  type CanonicalRefunded,
  toCanonicalInvoice,
} from '@quittance/contracts/canonical';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { parseInput } from '../../parse-input.ts';
import { keepIntegersExact, readJson, readOptionalJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';
import { toCanonicalExplanation } from './explanation.ts';
import { toCanonicalEvent, toCanonicalRefund } from './from-core.ts';
import { toCreateInvoice, toFilter, toInvoiceId } from './to-core.ts';

/** `/v1/invoices` and what is below it. */
export const invoiceRoutes = ({ core, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { invoices } = core;
  const mayRead = authenticate(core, 'invoices:read');
  const mayWrite = authenticate(core, 'invoices:write');
  const limited = limitBody(bodyLimitBytes);

  routes.post('/', mayWrite, limited, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const context = { caller: c.var.caller, idempotencyKey: idempotencyKeyOf(c.req) };
    const request = parseInput(CanonicalCreate, await readJson(c.req, keepIntegersExact));
    const invoice = await invoices.create(toCreateInvoice(request, context));
    const body: CanonicalInvoice = toCanonicalInvoice(invoice);
    return c.json(body, 201, { location: `/v1/invoices/${body.id}` });
  });

  routes.get('/', mayRead, async (c) => {
    const query = readQuery(c.req, CanonicalListQuery);
    const { after = null, limit } = query;
    const filter = toFilter(query);
    const page = await invoices.list({ caller: c.var.caller, filter, after, limit });
    const body: CanonicalInvoicePage = {
      data: page.invoices.map(toCanonicalInvoice),
      next: page.next,
    };
    return c.json(body);
  });

  routes.get('/:id', mayRead, async (c) => {
    const id = toInvoiceId(c.req.param('id'));
    const { at = null } = readQuery(c.req, CanonicalGetQuery);
    const invoice = await invoices.get({ caller: c.var.caller, id, at });
    const body: CanonicalInvoice = toCanonicalInvoice(invoice);
    return c.json(body);
  });

  routes.post('/:id/cancel', mayWrite, limited, async (c) => {
    const id = toInvoiceId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const idempotencyKey = idempotencyKeyOf(c.req);
    parseInput(CanonicalNoBody, await readOptionalJson(c.req));
    const invoice = await invoices.cancel({ caller: c.var.caller, id, idempotencyKey });
    const body: CanonicalInvoice = toCanonicalInvoice(invoice);
    return c.json(body);
  });

  routes.post('/:id/refunds', mayWrite, limited, async (c) => {
    const id = toInvoiceId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const context = { caller: c.var.caller, id, idempotencyKey: idempotencyKeyOf(c.req) };
    const json = await readOptionalJson(c.req, keepIntegersExact);
    const { amount = null, reason = null } = parseInput(CanonicalRefundCreate, json);
    const { refund, invoice } = await invoices.refund({ ...context, amount, reason });
    const body: CanonicalRefunded = {
      refund: toCanonicalRefund(refund),
      invoice: toCanonicalInvoice(invoice),
    };
    return c.json(body, 201);
  });

  routes.get('/:id/events', mayRead, async (c) => {
    const id = toInvoiceId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const events = await invoices.events({ caller: c.var.caller, id });
    const body: CanonicalEvents = { data: events.map(toCanonicalEvent) };
    return c.json(body);
  });

  routes.get('/:id/explain', mayRead, async (c) => {
    const id = toInvoiceId(c.req.param('id'));
    readQuery(c.req, CanonicalNoQuery);
    const explanation = await invoices.explain({ caller: c.var.caller, id });
    const body: CanonicalExplanation = toCanonicalExplanation(explanation);
    return c.json(body);
  });

  routes.all('/', onlyMethods('GET', 'POST'));
  routes.all('/:id', onlyMethods('GET'));
  routes.on('ALL', ['/:id/events', '/:id/explain'], onlyMethods('GET'));
  routes.on('ALL', ['/:id/cancel', '/:id/refunds'], onlyMethods('POST'));
  return routes;
};
