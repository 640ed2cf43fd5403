import type { ProviderAct } from '@quittance/contracts';
import {
  type CanonicalInvoice,
  CanonicalNoBody,
  CanonicalNoQuery,
  CanonicalPay,
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
import { readOptionalJson } from '../../read-json.ts';
import { readQuery } from '../../read-query.ts';
import { toInvoiceId } from './to-core.ts';

const withoutBody = (act: ProviderAct) => (body: unknown) => {
  parseInput(CanonicalNoBody, body);
  return act;
};

const pay = (body: unknown): ProviderAct => {
  const { paymentMethod, outOfBand } = parseInput(CanonicalPay, body);
  return { kind: 'pay', paymentMethod: paymentMethod ?? null, outOfBand: outOfBand ?? false };
};

/** What a provider can be asked for below an invoice's path, and how the body says it. */
const operations: Record<string, (body: unknown) => ProviderAct> = {
  finalize: withoutBody({ kind: 'finalize' }),
  pay,
  send: withoutBody({ kind: 'send' }),
  void: withoutBody({ kind: 'void' }),
  'mark-uncollectible': withoutBody({ kind: 'mark_uncollectible' }),
};

/** What `/v1/invoices/:id` can have done to it at its provider, beside what every flow knows. */
export const operationRoutes = ({ core, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const mayWrite = authenticate(core, 'invoices:write');
  const limited = limitBody(bodyLimitBytes);

  for (const [name, toAct] of Object.entries(operations)) {
    routes.post(`/:id/${name}`, mayWrite, limited, async (c) => {
      const id = toInvoiceId(c.req.param('id'));
      readQuery(c.req, CanonicalNoQuery);
      const idempotencyKey = idempotencyKeyOf(c.req);
      const act = toAct(await readOptionalJson(c.req));
      const operation = { caller: c.var.caller, id, idempotencyKey, act };
      const body: CanonicalInvoice = toCanonicalInvoice(await core.invoices.operate(operation));
      return c.json(body);
    });
    routes.all(`/:id/${name}`, onlyMethods('POST'));
  }
  return routes;
};
