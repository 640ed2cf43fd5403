import { Project } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely, Selectable } from 'kysely';
import type { Deps } from '../deps.ts';
import { unseal } from '../endpoints/secrets.ts';
import { padded } from '../invoices/list-padded.ts';
import type { Schema } from '../store/schema.ts';

export type ProjectRow = Selectable<Schema['projects']>;

/** Projects with what they are at the providers, in the order of the rows. */
export const toProjects = async (
  deps: Pick<Deps, 'encryptionKey'>,
  db: Kysely<Schema>,
  rows: readonly ProjectRow[],
): Promise<Project[]> => {
  if (rows.length === 0) return [];
  const providers = await db
    .selectFrom('project_providers')
    .selectAll()
    .where('project_id', 'in', padded(rows.map(({ id }) => id)))
    .orderBy('provider')
    .execute();
  const byProject = Map.groupBy(providers, ({ project_id }) => project_id);
  return rows.map((row) =>
    Project.parse({
      id: row.public_id,
      accountId: row.account_id,
      name: row.name,
      providers: (byProject.get(row.id) ?? []).map(({ provider, ref, webhook_token }) => ({
        provider,
        ref,
        webhookToken: unseal(deps, webhook_token),
      })),
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
    }),
  );
};

export const toProject = async (
  deps: Pick<Deps, 'encryptionKey'>,
  db: Kysely<Schema>,
  row: ProjectRow,
): Promise<Project> => {
  const [project] = await toProjects(deps, db, [row]);
  if (!project) throw new Error(`Project ${row.id} is not there`);
  return project;
};

/** @throws DomainError `not_found` for no project and for another account's alike */
export const readProjectOfAccount = async (
  db: Kysely<Schema>,
  { id, accountId, param }: { id: string; accountId: number; param?: string },
): Promise<ProjectRow> => {
  const row = await db
    .selectFrom('projects')
    .selectAll()
    .where('public_id', '=', id)
    .executeTakeFirst();
  if (row?.account_id === accountId) return row;
  throw new DomainError('not_found', `No project ${id}`, param === undefined ? {} : { param });
};
