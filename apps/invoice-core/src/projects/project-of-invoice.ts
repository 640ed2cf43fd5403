import type { FlowOptions } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import { padded } from '../invoices/list-padded.ts';
import type { Ability } from '../invoices/provider-catalog.ts';
import type { Schema } from '../store/schema.ts';
import { readProjectOfAccount } from './project-rows.ts';

/** The provider's id of a project; null where it has none. */
export const readProjectRef = async (
  db: Kysely<Schema>,
  { projectId, provider }: { projectId: number | null; provider: string },
): Promise<string | null> => {
  if (projectId === null) return null;
  const known = await db
    .selectFrom('project_providers')
    .select('ref')
    .where('project_id', '=', projectId)
    .where('provider', '=', provider)
    .executeTakeFirst();
  return known?.ref ?? null;
};

interface Asked {
  accountId: number;
  projectId: string | null;
  options: FlowOptions;
  ability: Pick<Ability, 'needsProject'>;
}

const refuse = (message: string): never => {
  throw new DomainError('invalid_request', message, { param: 'projectId' });
};

/**
 * The project that a new invoice is for, in our own numbers; null for none.
 * @throws DomainError `not_found` for another account's; `invalid_request` for one that its provider does not know, or
 * none, where it collects for projects
 */
export const projectForInvoice = async (
  db: Kysely<Schema>,
  { accountId, projectId: id, options: { provider }, ability: { needsProject } }: Asked,
): Promise<number | null> => {
  if (id === null) return needsProject ? refuse('must be given') : null;
  const { id: projectId } = await readProjectOfAccount(db, { id, accountId, param: 'projectId' });
  if (needsProject && (await readProjectRef(db, { projectId, provider })) === null) {
    return refuse(`is not a project at ${provider}`);
  }
  return projectId;
};

/** The public id of each project that some invoices are for. */
export const readProjectIds = async (
  db: Kysely<Schema>,
  rows: readonly { project_id: number | null }[],
): Promise<(row: { project_id: number | null }) => string | null> => {
  const ids = [...new Set(rows.flatMap(({ project_id }) => project_id ?? []))];
  const projects =
    ids.length === 0
      ? []
      : await db
          .selectFrom('projects')
          .select(['id', 'public_id'])
          .where('id', 'in', padded(ids))
          .execute();
  const byId = new Map(projects.map((project) => [project.id, project.public_id]));
  return ({ project_id: id }) => (id === null ? null : (byId.get(id) ?? null));
};
