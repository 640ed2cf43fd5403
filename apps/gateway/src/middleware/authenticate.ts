import type { InvoiceCore, Scope } from '@quittance/contracts';
import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { GatewayEnv } from '../gateway-env.ts';

const bearer = /^Bearer +(\S+) *$/i;

/** The key in `Authorization: Bearer <key>`. */
export const bearerKey = (request: HonoRequest): string | undefined =>
  bearer.exec(request.header('authorization') ?? '')?.[1];

/** Lets a request through only with a key that has the scope; `keyOf` finds it. */
export const authenticate = ({ identities }: InvoiceCore, scope: Scope, keyOf = bearerKey) =>
  createMiddleware<GatewayEnv>(async (c, next) => {
    const apiKey = keyOf(c.req) ?? '';
    c.set('caller', await identities.authenticate({ apiKey, scope }));
    await next();
  });
