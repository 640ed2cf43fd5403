import type { InvoiceCore, Scope } from '@quittance/contracts';
import { createMiddleware } from 'hono/factory';
import type { GatewayEnv } from '../gateway-env.ts';

const bearer = /^Bearer +(\S+) *$/i;

/** Lets a request through only with a key, as `Authorization: Bearer <key>`, that has the scope. */
export const authenticate = ({ identities }: InvoiceCore, scope: Scope) =>
  createMiddleware<GatewayEnv>(async (c, next) => {
    const apiKey = bearer.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    c.set('caller', await identities.authenticate({ apiKey, scope }));
    await next();
  });
