import type { Caller, Project, ProjectOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readProjectOfAccount, toProject, toProjects } from './project-rows.ts';

type ProjectDeps = Pick<Deps, 'store' | 'encryptionKey'>;

/** Newest first. */
export const listProjects = async (
  deps: ProjectDeps,
  { caller }: { caller: Caller },
): Promise<Project[]> => {
  const { read } = deps.store;
  const rows = await read
    .selectFrom('projects')
    .selectAll()
    .where('account_id', '=', caller.accountId)
    .orderBy('id', 'desc')
    .execute();
  return toProjects(deps, read, rows);
};

export const getProject = async (
  deps: ProjectDeps,
  { caller, id }: ProjectOfCaller,
): Promise<Project> => {
  const { read } = deps.store;
  const row = await readProjectOfAccount(read, { id, accountId: caller.accountId });
  return toProject(deps, read, row);
};
