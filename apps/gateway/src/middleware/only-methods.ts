import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { closeIfUnread } from '../answered-error.ts';
import type { GatewayEnv } from '../gateway-env.ts';
import { problem } from '../problem.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Ends a path as `onlyMethods` does, with `refuse` for the answer to a method that is none of them. */
export const onlyMethodsOr =
  (refuse: (c: Context<GatewayEnv>, message: string) => Response) =>
  (...methods: readonly Method[]) => {
    const heads = methods.includes('GET') ? ['HEAD'] : [];
    const allow = [...methods, ...heads, 'OPTIONS'].join(', ');
    return createMiddleware<GatewayEnv>((c) => {
      c.header('allow', allow);
      closeIfUnread(c);
      if (c.req.method === 'OPTIONS') return Promise.resolve(c.body(null, 204));
      return Promise.resolve(refuse(c, `${c.req.path} takes ${allow}`));
    });
  };

/** Ends a path, after its handlers: OPTIONS is told its methods, and any other method that it is none of them. */
export const onlyMethods = onlyMethodsOr((c, message) =>
  problem(c, { status: 405, code: 'method_not_allowed', message }),
);
