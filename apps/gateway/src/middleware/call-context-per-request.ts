import { incomingContext, withCallContext } from '@quittance/rpc';
import { createMiddleware } from 'hono/factory';
import type { GatewayEnv } from '../gateway-env.ts';

/** Gives a request its id and trace, the client's own where they are well-formed, and answers with the id. */
export const callContextPerRequest = createMiddleware<GatewayEnv>(async (c, next) => {
  const context = incomingContext({
    requestId: c.req.header('x-request-id'),
    traceparent: c.req.header('traceparent'),
  });
  c.set('requestId', context.requestId);
  c.header('x-request-id', context.requestId);
  await withCallContext(context, next);
});
