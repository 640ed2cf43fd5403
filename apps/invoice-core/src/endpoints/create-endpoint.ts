import { type CreateEndpoint, EndpointWithSecret } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { findKey, keepKey, type KeyedRequest } from '../invoices/idempotency.ts';
import type { Transaction } from '../store/store.ts';
import { assertCallable } from './call-guard.ts';
import { headerColumns, removed, toEndpoint } from './endpoint-rows.ts';
import { seal, unseal } from './secrets.ts';
import { addSigningSecret } from './signing-secrets.ts';

/** How many endpoints an account has at most. */
const most = 50;

/** Headers are the same in any order. */
const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

const keyedRequest = ({
  caller,
  idempotencyKey,
  url,
  description,
  eventTypes,
  headers,
  ordered,
}: CreateEndpoint): KeyedRequest | undefined => {
  if (idempotencyKey === null) return undefined;
  const terms = [url, description, eventTypes, Object.entries(headers).toSorted(byName), ordered];
  return {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['endpoints.create', ...terms],
  };
};

const assertRoom = async (tx: Transaction, accountId: number): Promise<void> => {
  const { count } = await tx
    .selectFrom('endpoints')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('disabled', 'is', null), eb('disabled', '!=', removed)]))
    .executeTakeFirstOrThrow();
  if (Number(count) < most) return;
  throw new DomainError('conflict', `An account has at most ${most} webhook endpoints`);
};

/** The answer to a repeated request holds a secret, so it is kept encrypted. */
const readAnswer = (deps: Pick<Deps, 'encryptionKey'>, outcome: string | null) =>
  EndpointWithSecret.parse(parseJson(unseal(deps, z.string().parse(parseJson(outcome ?? 'null')))));

/** Makes an endpoint that gets the events from now on. Its secret is shown here, and to who repeats the request. */
export const createEndpoint = (deps: Deps, input: CreateEndpoint): Promise<EndpointWithSecret> =>
  deps.store.write(async (tx) => {
    const keyed = keyedRequest(input);
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return readAnswer(deps, earlier.outcome);

    const { caller, url, description, eventTypes, headers, ordered } = input;
    assertCallable(deps, url);
    await assertRoom(tx, caller.accountId);
    const now = deps.clock();
    const row = await tx
      .insertInto('endpoints')
      .values({
        public_id: `ep_${newPublicId(now)}`,
        account_id: caller.accountId,
        url,
        description,
        event_types: eventTypes && JSON.stringify(eventTypes),
        ...headerColumns(deps, headers),
        ordered: Number(ordered),
        disabled: null,
        failing_since: null,
        throttled_until: null,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const secret = await addSigningSecret(deps, tx, { endpointId: row.id, now });
    const answer = { endpoint: toEndpoint(row), secret };
    if (keyed) {
      const outcome = seal(deps, JSON.stringify(answer));
      await keepKey(tx, keyed, { subject: `endpoint:${row.id}`, outcome, now });
    }
    return answer;
  });
