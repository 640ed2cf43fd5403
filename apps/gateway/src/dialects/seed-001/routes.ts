import { BotId, type Flow } from '@quittance/contracts';
import {
  Seed001Create,
  type Seed001Created,
  type Seed001Seen,
  Seed001Status,
} from '@quittance/contracts/seed-001';
import { DomainError } from '@quittance/rpc';
import { Hono, type HonoRequest } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { idempotencyKeyOf } from '../../idempotency-key.ts';
import { limitBody } from '../../middleware/limit-body.ts';
import { parseInput } from '../../parse-input.ts';
import { qrUrlOf } from '../../routes/qr.ts';
import { errorHandler, getOrPost, inWords } from './errors.ts';
import { toSeed001Invoice, toSeed001Seen } from './from-core.ts';
import { missingOf, readParameters } from './parameters.ts';
import { toCreateInvoice } from './to-core.ts';

const newInvoice = '/:botId/web-app/new-invoice';
const invoiceStatus = '/:botId/web-app/invoice-status';
const unknownBot = 'Invalid bot id. Bot not found.';
const unknownInvoice = 'Invalid invoiceId. Invoice not found.';

/** The API of seed 001, below `/v2/bots`. */
export const seed001Routes = (deps: AppDeps): Hono<GatewayEnv> => {
  const { core, log, bodyLimitBytes } = deps;
  const { identities, invoices, providers } = core;
  const routes = new Hono<GatewayEnv>();
  const limited = limitBody(bodyLimitBytes);
  const qrUrlsOf = (request: HonoRequest) => (text: string) => qrUrlOf(request, text, deps);

  const flowOf = async (botId: string): Promise<Flow> => {
    const id = BotId.safeParse({ botId });
    if (!id.success) throw new DomainError('not_found', unknownBot);
    const { flow } = await inWords(providers.bot(id.data), { not_found: unknownBot });
    return flow;
  };

  routes.on('ALL', [newInvoice, invoiceStatus], getOrPost, limited);

  routes.all(newInvoice, async (c) => {
    const idempotencyKey = idempotencyKeyOf(c.req);
    const parameters = await readParameters(c.req);
    const missing = missingOf(Object.keys(Seed001Create.shape), parameters);
    if (missing.length > 0) {
      throw new DomainError('invalid_request', `Missing parameters: ${missing.join(', ')}`);
    }
    const request = parseInput(Seed001Create, parameters);
    const { userId, pin } = request;
    const flow = await flowOf(c.req.param('botId'));
    const caller = await inWords(identities.authenticatePin({ who: { telegramId: userId }, pin }), {
      unauthenticated: '❌ Incorrect pin. Use /myPin to retrieve it.',
    });
    const invoice = await invoices.create(
      toCreateInvoice(request, { caller, idempotencyKey, flow }),
    );
    const body: Seed001Created = {
      status: 'success',
      invoice: toSeed001Invoice(invoice, { userId, qrUrl: qrUrlsOf(c.req) }),
    };
    return c.json(body);
  });

  routes.all(invoiceStatus, async (c) => {
    const parameters = await readParameters(c.req);
    if (missingOf(Object.keys(Seed001Status.shape), parameters).length > 0) {
      const message = 'Missing required parameters: invoiceId and pin are required.';
      throw new DomainError('invalid_request', message);
    }
    const { invoiceId, pin } = parseInput(Seed001Status, parameters);
    await flowOf(c.req.param('botId'));
    const which = { provider: 'telegram', ref: invoiceId } as const;
    await inWords(identities.authenticatePin({ who: which, pin }), {
      unauthenticated: '❌ Incorrect pin provided.',
      not_found: unknownInvoice,
    });
    const { invoice, creatorTelegramId: userId } = await invoices.held(which);
    const body: Seed001Seen = {
      status: 'success',
      invoice: toSeed001Seen(invoice, {
        userId,
        qrUrl: qrUrlsOf(c.req),
      }),
    };
    return c.json(body);
  });

  routes.all('/:botId/web-app/:command', (c) => {
    const command = c.req.param('command');
    throw new DomainError('not_found', `There is no command ${command} here`);
  });
  routes.all('*', (c) => {
    throw new DomainError('not_found', `There is no ${c.req.method} ${c.req.path}`);
  });
  routes.onError(errorHandler(log));
  return routes;
};
