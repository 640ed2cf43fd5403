import { Endpoint } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { seal, unseal } from './secrets.ts';

export type EndpointRow = Selectable<Schema['endpoints']>;

/** An endpoint with the public id of its project. */
export type EndpointOfProject = EndpointRow & { project_public_id: string | null };

/** Stands for its reason in an endpoint that was removed while its deliveries are still being deleted. */
export const removed = 'removed';

const EventTypes = z.array(z.string()).nullable();
const Headers = z.record(z.string(), z.string());

const isoOrNull = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();

const readEventTypes = ({ event_types }: Pick<EndpointRow, 'event_types'>): string[] | null =>
  EventTypes.parse(parseJson(event_types ?? 'null'));

export const asksFor = (row: Pick<EndpointRow, 'event_types'>, type: string): boolean =>
  readEventTypes(row)?.includes(type) ?? true;

export const toEndpoint = (row: EndpointOfProject): Endpoint =>
  Endpoint.parse({
    id: row.public_id,
    accountId: row.account_id,
    projectId: row.project_public_id,
    url: row.url,
    description: row.description,
    eventTypes: readEventTypes(row),
    headerNames: parseJson(row.header_names),
    ordered: row.ordered === 1,
    format: row.format,
    retries: row.retries,
    disabled: row.disabled,
    failingSince: isoOrNull(row.failing_since),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  });

/** Custom headers as they are stored: for all to see only their names. */
export const headerColumns = (
  deps: Pick<Deps, 'encryptionKey'>,
  headers: Readonly<Record<string, string>>,
) => ({
  headers: seal(deps, JSON.stringify(headers)),
  header_names: JSON.stringify(Object.keys(headers)),
});

/** What every delivery to an endpoint carries beside the standard headers. */
export const readHeaders = (
  deps: Pick<Deps, 'encryptionKey'>,
  { headers }: Pick<EndpointRow, 'headers'>,
): Record<string, string> => Headers.parse(parseJson(unseal(deps, headers)));

export const selectEndpoints = (db: Kysely<Schema>) =>
  db
    .selectFrom('endpoints')
    .leftJoin('projects', 'projects.id', 'endpoints.project_id')
    .selectAll('endpoints')
    .select('projects.public_id as project_public_id');

/** @throws DomainError `not_found` for no endpoint, one that was removed, and another account's alike */
export const readEndpointOfAccount = async (
  db: Kysely<Schema>,
  { id, accountId, param }: { id: string; accountId: number; param?: string },
): Promise<EndpointOfProject> => {
  const row = await selectEndpoints(db)
    .where('endpoints.public_id', '=', id)
    .where('endpoints.account_id', '=', accountId)
    .executeTakeFirst();
  if (row && row.disabled !== removed) return row;
  throw new DomainError(
    'not_found',
    `No webhook endpoint ${id}`,
    param === undefined ? {} : { param },
  );
};

/** @throws DomainError `conflict` */
export const assertEnabled = ({ public_id, disabled }: EndpointRow): void => {
  if (disabled === null) return;
  throw new DomainError('conflict', `Webhook endpoint ${public_id} is disabled`);
};
