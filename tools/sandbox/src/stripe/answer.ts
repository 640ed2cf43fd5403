import type { Clock, Logger } from '@quittance/runtime';
import type { ApiAnswer, ApiRequest, Disturbance } from '../emulator.ts';
import type { Store } from '../state/store.ts';
import { authenticate, secretKeyRequired } from './api/authentication.ts';
import { StripeError, rateLimited, serverError, unrecognizedUrl } from './api/errors.ts';
import { expand } from './api/expand.ts';
import { formOf, parseForm } from './api/form.ts';
import { keyedRequest, type Idempotency, type Outcome } from './api/idempotency.ts';
import { newId } from './api/ids.ts';
import { fromOlderVersion } from './api/older-params.ts';
import type { MatchedRoute, Prepared } from './api/route.ts';
import { defaultApiVersion } from './call.ts';
import { toOutcome, type CallFacts, type Execute } from './execute.ts';

interface Answering {
  store: Store;
  idempotency: Idempotency;
  execute: Execute;
  findRoute: (method: string, path: string) => MatchedRoute | undefined;
  /** Starts what the call has to tell the world. */
  afterwards: () => void;
  clock: Clock;
  log: Logger;
}

const header = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** Everything that can be refused before anything is executed, in Stripe's order. */
const admit = (
  request: ApiRequest,
  disturbance: Disturbance,
  findRoute: Answering['findRoute'],
): { apiKey: string; publishable: boolean; form: string; id: string; prepared: Prepared } => {
  const { apiKey, publishable } = authenticate(request.headers.authorization);
  const matched = findRoute(request.method, request.path);
  if (matched === undefined) throw unrecognizedUrl(request.method, request.path);
  if (publishable && !matched.route.allowsPublishableKey) throw secretKeyRequired();
  if (disturbance.fault === 'rate_limit') throw rateLimited();
  const form = formOf(request);
  const prepared = matched.route.prepare(fromOlderVersion(parseForm(form), request));
  return { apiKey, publishable, form, id: matched.id, prepared };
};

/** Answers one call as Stripe's API does, from its raw request to its raw answer. */
export const createAnswer =
  ({ store, idempotency, execute, findRoute, afterwards, clock, log }: Answering) =>
  async (request: ApiRequest, disturbance: Disturbance): Promise<ApiAnswer> => {
    const requestId = newId('req', 14);
    const key = request.method === 'POST' ? header(request.headers['idempotency-key']) : undefined;

    const reply = ({ status, body }: Outcome, more: Record<string, string> = {}): ApiAnswer => ({
      status,
      headers: {
        'content-type': 'application/json',
        date: new Date(clock()).toUTCString(),
        'request-id': requestId,
        'stripe-version': header(request.headers['stripe-version']) ?? defaultApiVersion,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...more,
      },
      body: JSON.stringify(body),
    });

    const perform = (facts: CallFacts, id: string, { expand: paths, run }: Prepared): Outcome => {
      if (disturbance.fault === 'server_error') return toOutcome(serverError(), requestId);
      const outcome = execute(facts, (call) => expand(call.state, run(call, id), paths));
      return disturbance.fault === 'server_error_after'
        ? toOutcome(serverError(), requestId)
        : outcome;
    };

    try {
      const { apiKey, publishable, form, id, prepared } = admit(request, disturbance, findRoute);
      const facts = { requestId, idempotencyKey: key ?? null, origin: request.origin, publishable };
      if (key === undefined) {
        await disturbance.delay?.();
        const outcome = perform(facts, id, prepared);
        afterwards();
        return reply(outcome);
      }

      const keyed = keyedRequest(apiKey, key, request.path, form);
      const earlier = idempotency.take(keyed);
      if (earlier !== undefined) {
        return reply(earlier, {
          'idempotent-replayed': 'true',
          'original-request': earlier.requestId,
        });
      }
      try {
        await disturbance.delay?.();
        const outcome = store.transaction(() => {
          const performed = perform(facts, id, prepared);
          idempotency.store(keyed, requestId, performed);
          return performed;
        });
        afterwards();
        return reply(outcome, { 'original-request': requestId });
      } finally {
        idempotency.release(keyed);
      }
    } catch (error) {
      if (error instanceof StripeError) return reply(toOutcome(error, requestId));
      log.error({ err: error, requestId }, 'answer failed');
      return reply(toOutcome(serverError(), requestId));
    }
  };
