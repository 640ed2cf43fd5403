import { createMiddleware } from 'hono/factory';
import { closeIfUnread } from '../answered-error.ts';
import type { GatewayEnv } from '../gateway-env.ts';
import { problem } from '../problem.ts';

/** Ends a path, after its handlers: OPTIONS is told its methods, and any other method that it is none of them. */
export const onlyMethods = (...methods: readonly ('GET' | 'POST' | 'PATCH' | 'DELETE')[]) => {
  const heads = methods.includes('GET') ? ['HEAD'] : [];
  const allow = [...methods, ...heads, 'OPTIONS'].join(', ');
  return createMiddleware<GatewayEnv>((c) => {
    c.header('allow', allow);
    closeIfUnread(c);
    if (c.req.method === 'OPTIONS') return Promise.resolve(c.body(null, 204));
    const message = `${c.req.path} takes ${allow}`;
    return Promise.resolve(problem(c, { status: 405, code: 'method_not_allowed', message }));
  });
};
