import type { Project, UpdateProject } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { unopened } from '../invoices/unopened.ts';
import type { Transaction } from '../store/store.ts';
import { assertEachOnce, type AtProviders, insertProviders } from './create-project.ts';
import { readProjectOfAccount, toProject } from './project-rows.ts';

/**
 * An invoice whose create has not been answered is looked for in the project that it was asked of.
 * @throws DomainError `conflict`
 */
const assertNoneOpening = async (
  { sandbox }: Pick<Deps, 'sandbox'>,
  tx: Transaction,
  { projectId, provider }: { projectId: number; provider: string },
): Promise<void> => {
  const opening = await unopened(tx, { provider, sandbox })
    .select('id')
    .where('project_id', '=', projectId)
    .limit(1)
    .executeTakeFirst();
  if (!opening) return;
  const message = `Invoices of it are still being made at ${provider}`;
  throw new DomainError('conflict', message, { param: 'providers' });
};

/** A provider that it is the same at keeps its token; any other gets a new one. */
const replaceProviders = async (
  deps: Pick<Deps, 'encryptionKey' | 'sandbox'>,
  tx: Transaction,
  { accountId, projectId, providers }: AtProviders,
): Promise<void> => {
  assertEachOnce(providers);
  const known = await tx
    .selectFrom('project_providers')
    .select(['provider', 'ref'])
    .where('project_id', '=', projectId)
    .execute();
  const isSame = (one: { provider: string; ref: string }) => (other: typeof one) =>
    other.provider === one.provider && other.ref === one.ref;
  for (const one of known) {
    if (providers.some(isSame(one))) continue;
    const { provider } = one;
    await assertNoneOpening(deps, tx, { projectId, provider });
    await tx
      .deleteFrom('project_providers')
      .where('project_id', '=', projectId)
      .where('provider', '=', provider)
      .execute();
  }
  const added = providers.filter((one) => !known.some(isSame(one)));
  await insertProviders(deps, tx, { accountId, projectId, providers: added });
};

export const updateProject = (
  deps: Deps,
  { caller, id, name, providers }: UpdateProject,
): Promise<Project> =>
  deps.store.write(async (tx) => {
    const { accountId } = caller;
    const { id: projectId } = await readProjectOfAccount(tx, { id, accountId });
    if (providers) await replaceProviders(deps, tx, { accountId, projectId, providers });
    const row = await tx
      .updateTable('projects')
      .set({ updated_at: deps.clock(), ...(name !== undefined && { name }) })
      .where('id', '=', projectId)
      .returningAll()
      .executeTakeFirstOrThrow();
    return toProject(deps, tx, row);
  });
