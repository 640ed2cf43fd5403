import type { Clock, Logger } from '@quittance/runtime';
import type { ApiAnswer, ApiRequest, Disturbance } from '../emulator.ts';
import { authenticate } from './api/authentication.ts';
import { BitsbyError, notPost, serverError, tooFrequent, unknownMethod } from './api/errors.ts';
import { readFields } from './api/fields.ts';
import type { Route } from './api/route.ts';
import type { Act } from './act.ts';
import { admit } from './pace.ts';
import { settingsOf } from './settings.ts';
import type { BitsbyState } from './state.ts';

const reply = (status: number, result: 'success' | 'error', data: unknown): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ result, data }),
});

/** Answers one call as Bitsby's API does, from its raw request to its raw answer. */
export const createAnswer = ({
  state,
  routes,
  act,
  clock,
  log,
}: {
  state: BitsbyState;
  routes: readonly Route[];
  act: Act;
  clock: Clock;
  log: Logger;
}) => {
  const byPath = new Map(routes.map((route) => [route.path, route]));

  const perform = async (request: ApiRequest, { fault, delay }: Disturbance): Promise<unknown> => {
    const apiKey = authenticate(request.headers.authorization);
    if (fault === 'rate_limit') throw tooFrequent();
    const limited = settingsOf(state).rateLimit;
    if (!admit(state, apiKey, { now: clock(), limited })) throw tooFrequent();
    const route = byPath.get(request.path);
    if (route === undefined) throw unknownMethod();
    if (request.method !== 'POST') throw notPost();
    const run = route.prepare(await readFields(request));
    await delay?.();
    if (fault === 'server_error') throw serverError();
    const data = act((work) => run({ ...work, apiKey, origin: request.origin }));
    if (fault === 'server_error_after') throw serverError();
    return data;
  };

  return async (request: ApiRequest, disturbance: Disturbance): Promise<ApiAnswer> => {
    try {
      return reply(200, 'success', await perform(request, disturbance));
    } catch (error) {
      if (error instanceof BitsbyError) return reply(error.status, 'error', error.message);
      log.error({ err: error, path: request.path }, 'call failed');
      const { status, message } = serverError();
      return reply(status, 'error', message);
    }
  };
};
