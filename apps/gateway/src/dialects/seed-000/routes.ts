import {
  Seed000Create,
  type Seed000Created,
  type Seed000Error,
  type Seed000Events,
  type Seed000Found,
} from '@quittance/contracts/seed-000';
import { DomainError, invalidInput } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import { Hono, type ErrorHandler } from 'hono';
import { answeredError } from '../../answered-error.ts';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { readJson } from '../../read-json.ts';
import {
  keepAmountText,
  paramOf,
  toCreateInvoice,
  toSeed000Event,
  toSeed000Invoice,
} from './translate.ts';

const errorHandler =
  (log: Logger): ErrorHandler<GatewayEnv> =>
  (error, c) => {
    const { httpStatus, code, message, param } = answeredError(error, c, log);
    const body: Seed000Error = {
      success: false,
      error: {
        code,
        message,
        ...(param !== undefined && { param: paramOf(param) }),
        requestId: c.var.requestId,
      },
    };
    return c.json(body, httpStatus);
  };

const invoiceId = (text: string): number => {
  const id = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
  if (id === undefined) throw new DomainError('not_found', `No invoice ${text}`);
  return id;
};

/** The API of seed 000, below `/v1/invoice`. */
export const seed000Routes = ({ core, log, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();

  const mayWrite = authenticate(core, 'invoices:write');
  routes.post('/create', mayWrite, limitBody(bodyLimitBytes), async (c) => {
    const idempotencyKey = idempotencyKeyOf(c.req);
    const request = Seed000Create.safeParse(await readJson(c.req, keepAmountText));
    if (!request.success) throw invalidInput(request.error);
    const input = toCreateInvoice(request.data, { caller: c.var.caller, idempotencyKey });
    const invoice = toSeed000Invoice(await core.invoices.create(input));
    const body: Seed000Created = { success: true, data: { status: 'created', invoice } };
    return c.json(body, 201);
  });

  const mayRead = authenticate(core, 'invoices:read');
  routes.get('/:id', mayRead, async (c) => {
    const id = invoiceId(c.req.param('id'));
    const invoice = toSeed000Invoice(
      await core.invoices.get({ caller: c.var.caller, id, at: null }),
    );
    const body: Seed000Found = { success: true, data: { invoice } };
    return c.json(body);
  });

  routes.get('/:id/events', mayRead, async (c) => {
    const id = invoiceId(c.req.param('id'));
    const events = await core.invoices.events({ caller: c.var.caller, id });
    const body: Seed000Events = { success: true, data: { events: events.map(toSeed000Event) } };
    return c.json(body);
  });

  routes.onError(errorHandler(log));
  return routes;
};
