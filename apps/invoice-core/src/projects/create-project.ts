import { randomUUID } from 'node:crypto';
import { type CreateProject, Project, type ProjectAtProvider } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { seal, unseal } from '../endpoints/secrets.ts';
import { findKey, keepKey, type KeyedRequest } from '../invoices/idempotency.ts';
import type { Transaction } from '../store/store.ts';
import { toProject } from './project-rows.ts';
import { newTokenColumns } from './webhook-token.ts';

/** How many projects an account has at most. */
const most = 1000;

/** Providers are the same in any order. */
const byProvider = (a: ProjectAtProvider, b: ProjectAtProvider): number =>
  a.provider < b.provider ? -1 : 1;

const keyedRequest = ({
  caller,
  idempotencyKey,
  name,
  providers,
}: CreateProject): KeyedRequest | undefined => {
  if (idempotencyKey === null) return undefined;
  const refs = providers.toSorted(byProvider).map(({ provider, ref }) => [provider, ref]);
  return { userId: caller.userId, key: idempotencyKey, request: ['projects.create', name, refs] };
};

/** @throws DomainError `invalid_request` for a provider that is there twice */
export const assertEachOnce = (providers: readonly ProjectAtProvider[]): void => {
  const names = providers.map(({ provider }) => provider);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice === -1) return;
  throw new DomainError('invalid_request', 'is there twice', {
    param: `providers.${twice}.provider`,
  });
};

const assertRoom = async (tx: Transaction, accountId: number): Promise<void> => {
  const { count } = await tx
    .selectFrom('projects')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (Number(count) < most) return;
  throw new DomainError('conflict', `An account has at most ${most} projects`);
};

export interface AtProviders {
  accountId: number;
  projectId: number;
  providers: readonly ProjectAtProvider[];
}

/**
 * What is paid to a provider's project is one account's money. Within that account, several shops may share it.
 * @throws DomainError `conflict`
 */
const assertNobodyElses = async (
  tx: Transaction,
  { accountId, providers }: Omit<AtProviders, 'projectId'>,
): Promise<void> => {
  for (const { provider, ref } of providers) {
    const others = await tx
      .selectFrom('project_providers')
      .innerJoin('projects', 'projects.id', 'project_providers.project_id')
      .select('projects.id')
      .where('provider', '=', provider)
      .where('ref', '=', ref)
      .where('account_id', '!=', accountId)
      .limit(1)
      .executeTakeFirst();
    if (!others) continue;
    const message = `This project at ${provider} is another account's`;
    throw new DomainError('conflict', message, { param: 'providers' });
  }
};

/**
 * Says what a project is at providers that it has not been at, each with a token of its own.
 * @throws DomainError `conflict` for what another account has
 */
export const insertProviders = async (
  deps: Pick<Deps, 'encryptionKey'>,
  tx: Transaction,
  { accountId, projectId, providers }: AtProviders,
): Promise<void> => {
  if (providers.length === 0) return;
  await assertNobodyElses(tx, { accountId, providers });
  const rows = providers.map(({ provider, ref }) => ({
    project_id: projectId,
    provider,
    ref,
    ...newTokenColumns(deps),
  }));
  await tx.insertInto('project_providers').values(rows).execute();
};

/** The answer to a repeated request holds tokens, so it is kept encrypted. */
const readAnswer = (deps: Pick<Deps, 'encryptionKey'>, outcome: string | null): Project =>
  Project.parse(parseJson(unseal(deps, z.string().parse(parseJson(outcome ?? 'null')))));

/** Makes a shop of an account. */
export const createProject = (deps: Deps, input: CreateProject): Promise<Project> =>
  deps.store.write(async (tx) => {
    const keyed = keyedRequest(input);
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return readAnswer(deps, earlier.outcome);

    const { caller, name, providers } = input;
    assertEachOnce(providers);
    await assertRoom(tx, caller.accountId);
    const now = deps.clock();
    const row = await tx
      .insertInto('projects')
      .values({
        public_id: randomUUID(),
        account_id: caller.accountId,
        name,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const { accountId } = caller;
    await insertProviders(deps, tx, { accountId, projectId: row.id, providers });
    const project = await toProject(deps, tx, row);
    if (keyed) {
      const outcome = seal(deps, JSON.stringify(project));
      await keepKey(tx, keyed, { subject: `project:${row.id}`, outcome, now });
    }
    return project;
  });
