import { ExplainedObservation, type Explanation, type InvoiceOfCaller } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { toAct } from './act-rows.ts';
import { toEvent } from './event-rows.ts';
import { readRowOfAccount } from './invoice-rows.ts';

const explained = (row: Selectable<Schema['observations']>): z.infer<typeof ExplainedObservation> =>
  ExplainedObservation.parse({
    evidenceId: row.evidence_id,
    source: row.source,
    occurredAt: new Date(row.occurred_at).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    facts: parseJson(row.facts),
    raw: row.raw ?? row.provider_data ?? '',
  });

/** Each event of an invoice with the evidence or act behind it and the rule that applied, and all other evidence. */
export const explainInvoice = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: InvoiceOfCaller,
): Promise<Explanation> => {
  const invoice = await readRowOfAccount(store.read, { id, accountId: caller.accountId });
  const events = await store.read
    .selectFrom('events')
    .selectAll()
    .where('invoice_id', '=', invoice.id)
    .orderBy('seq')
    .execute();
  const observations = await store.read
    .selectFrom('observations')
    .selectAll()
    .where('invoice_id', '=', invoice.id)
    .orderBy('id')
    .execute();
  const acts = await store.read
    .selectFrom('acts')
    .selectAll()
    .where('invoice_id', '=', invoice.id)
    .orderBy('id')
    .execute();

  const observationById = new Map(observations.map((row) => [row.id, row]));
  const actById = new Map(acts.map((row) => [row.id, row]));
  const causes = new Set(events.map((row) => row.observation_id));
  return {
    transitions: events.map((row) => {
      const observation = observationById.get(row.observation_id ?? 0);
      const act = actById.get(row.act_id ?? 0);
      return {
        ...toEvent(row),
        rule: row.rule,
        observation: observation ? explained(observation) : null,
        act: act ? toAct(act) : null,
      };
    }),
    acts: acts.map(toAct),
    otherObservations: observations.filter((row) => !causes.has(row.id)).map(explained),
  };
};
