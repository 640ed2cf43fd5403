import {
  Seed003Cancel,
  type Seed003Canceled,
  Seed003Create,
  type Seed003Created,
  Seed003List,
  type Seed003Listed,
  Seed003NoQuery,
} from '@quittance/contracts/seed-003';
import { DomainError } from '@quittance/rpc';
import { Hono, type HonoRequest } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { parseInput } from '../../parse-input.ts';
import { readFields } from '../../read-fields.ts';
import { readQuery } from '../../read-query.ts';
import { errorHandler, onlyPost } from './errors.ts';
import { toSeed003Invoice, toSeed003New } from './from-core.ts';
import { statusOf } from './statuses.ts';
import { keepDecimalText, toCreateInvoice, toFind, toList } from './to-core.ts';

const token = /^Token +(\S+) *$/i;

/** The key in `Authorization: Token <key>`. */
const tokenKey = (request: HonoRequest): string | undefined =>
  token.exec(request.header('authorization') ?? '')?.[1];

/** The API of seed 003, below `/invoices`. */
export const seed003Routes = ({ core, log, bodyLimitBytes }: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { invoices } = core;
  const mayRead = authenticate(core, 'invoices:read', tokenKey);
  const mayWrite = authenticate(core, 'invoices:write', tokenKey);
  const limited = limitBody(bodyLimitBytes);

  routes.post('/create', mayWrite, limited, async (c) => {
    readQuery(c.req, Seed003NoQuery);
    const context = { caller: c.var.caller, idempotencyKey: idempotencyKeyOf(c.req) };
    const request = parseInput(Seed003Create, await readFields(c.req, keepDecimalText));
    const invoice = await invoices.create(toCreateInvoice(request, context));
    const body: Seed003Created = { result: 'success', data: toSeed003New(invoice) };
    return c.json(body);
  });

  routes.post('/list', mayRead, limited, async (c) => {
    readQuery(c.req, Seed003NoQuery);
    const request = parseInput(Seed003List, await readFields(c.req, keepDecimalText));
    const found = await invoices.listFlow(toList(request, c.var.caller));
    const body: Seed003Listed = { result: 'success', data: found.map(toSeed003Invoice) };
    return c.json(body);
  });

  routes.post('/cancel', mayWrite, limited, async (c) => {
    readQuery(c.req, Seed003NoQuery);
    const { caller } = c.var;
    const idempotencyKey = idempotencyKeyOf(c.req);
    const { invoiceId } = parseInput(Seed003Cancel, await readFields(c.req, keepDecimalText));
    const [invoice] = await invoices.listFlow(toFind(invoiceId, caller));
    if (!invoice) {
      throw new DomainError('not_found', 'There is no such invoice', { param: 'invoiceId' });
    }
    const ended = await invoices.cancel({ caller, id: invoice.publicId, idempotencyKey });
    const status = statusOf[ended.status];
    if (status !== 'canceled') throw new DomainError('conflict', `The invoice is ${status}`);
    const body: Seed003Canceled = { result: 'success', data: 'Invoice canceled' };
    return c.json(body);
  });

  routes.on('ALL', ['/create', '/list', '/cancel'], onlyPost);
  routes.all('*', (c) => {
    throw new DomainError('not_found', `There is no ${c.req.method} ${c.req.path}`);
  });
  routes.onError(errorHandler(log));
  return routes;
};
