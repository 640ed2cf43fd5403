import { type CreateEndpoint, Endpoint, EndpointWithSecret } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { findKey, keepKey, type KeyedRequest } from '../invoices/idempotency.ts';
import { readProjectOfAccount } from '../projects/project-rows.ts';
import type { Transaction } from '../store/store.ts';
import { assertTellable } from './audience.ts';
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
  projectId,
  format,
  retries,
}: CreateEndpoint): KeyedRequest | undefined => {
  if (idempotencyKey === null) return undefined;
  const terms = [url, description, eventTypes, Object.entries(headers).toSorted(byName), ordered];
  // Left out where they are as they were before they could be given, so that keys from then stay good.
  const isPlain = projectId === null && format === 'standard' && retries === 'standard';
  const asked = isPlain ? terms : [...terms, projectId, format, retries];
  return {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['endpoints.create', ...asked],
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

/** Answers from before endpoints had projects, formats and schedules are without them. */
const KeptAnswer = EndpointWithSecret.extend({
  endpoint: Endpoint.extend({
    projectId: Endpoint.shape.projectId.default(null),
    format: Endpoint.shape.format.default('standard'),
    retries: Endpoint.shape.retries.default('standard'),
  }),
});

/** The answer to a repeated request holds a secret, so it is kept encrypted. */
const readAnswer = (deps: Pick<Deps, 'encryptionKey'>, outcome: string | null) =>
  KeptAnswer.parse(parseJson(unseal(deps, z.string().parse(parseJson(outcome ?? 'null')))));

/** Makes an endpoint that gets the events from now on. Its secret is shown here, and to who repeats the request. */
export const createEndpoint = (deps: Deps, input: CreateEndpoint): Promise<EndpointWithSecret> =>
  deps.store.write(async (tx) => {
    const keyed = keyedRequest(input);
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return readAnswer(deps, earlier.outcome);

    const { caller, url, description, eventTypes, headers, ordered } = input;
    const { projectId, format, retries } = input;
    assertCallable(deps, url);
    assertTellable(format, eventTypes);
    const { accountId } = caller;
    const project =
      projectId === null
        ? null
        : await readProjectOfAccount(tx, { id: projectId, accountId, param: 'projectId' });
    await assertRoom(tx, accountId);
    const now = deps.clock();
    const row = await tx
      .insertInto('endpoints')
      .values({
        public_id: `ep_${newPublicId(now)}`,
        account_id: accountId,
        project_id: project?.id ?? null,
        url,
        description,
        event_types: eventTypes && JSON.stringify(eventTypes),
        ...headerColumns(deps, headers),
        ordered: Number(ordered),
        format,
        retries,
        disabled: null,
        failing_since: null,
        throttled_until: null,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const secret = await addSigningSecret(deps, tx, { endpointId: row.id, now });
    const answer = {
      endpoint: toEndpoint({ ...row, project_public_id: project?.public_id ?? null }),
      secret,
    };
    if (keyed) {
      const outcome = seal(deps, JSON.stringify(answer));
      await keepKey(tx, keyed, { subject: `endpoint:${row.id}`, outcome, now });
    }
    return answer;
  });
