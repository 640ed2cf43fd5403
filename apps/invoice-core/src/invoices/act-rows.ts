import { Act } from '@quittance/contracts';
import type { Selectable } from 'kysely';
import type { Schema } from '../store/schema.ts';

export type ActRow = Selectable<Schema['acts']>;

export const toAct = (row: ActRow): Act =>
  Act.parse({
    id: row.id,
    kind: row.kind,
    state: row.state,
    amount: row.amount,
    reason: row.reason,
    providerRef: row.provider_ref,
    message: row.message,
    madeAt: new Date(row.made_at).toISOString(),
    settledAt: row.settled_at === null ? null : new Date(row.settled_at).toISOString(),
  });
