import { Fact } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Schema } from '../store/schema.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import type { Closing } from './ends.ts';
import { byTime, type Evidence } from './standing.ts';

const Facts = z.array(Fact);

export interface StoredEvidence extends Evidence {
  id: number;
  /** UTC ms, by our clock. */
  receivedAt: number;
  /** When it was known to be this invoice's: UTC ms, by our clock. */
  claimedAt: number;
  /** Whether it shows the provider's object. */
  hasObject: boolean;
}

/** All that decides how an invoice stands. */
export interface History {
  evidence: StoredEvidence[];
  closings: (Closing & { actId: number })[];
}

/** An invoice's history, whole or as it was known at a time (UTC ms). */
export const readHistory = async (
  db: Kysely<Schema>,
  invoice: Pick<InvoiceRow, 'id' | 'expires_at'>,
  until = Number.MAX_SAFE_INTEGER,
): Promise<History> => {
  const observations = await db
    .selectFrom('observations')
    .select(['id', 'evidence_id', 'facts', 'occurred_at', 'received_at', 'claimed_at'])
    .select((eb) => eb('provider_data', 'is not', null).as('hasObject'))
    .where('invoice_id', '=', invoice.id)
    .where('claimed_at', '<=', until)
    .execute();
  const acts = await db
    .selectFrom('acts')
    .select(['id', 'kind', 'made_at'])
    .where('invoice_id', '=', invoice.id)
    .where('kind', 'in', ['expire', 'close'])
    .where('made_at', '<=', until)
    .execute();
  return {
    evidence: observations.map((row) => ({
      id: row.id,
      evidenceId: row.evidence_id,
      facts: Facts.parse(parseJson(row.facts)),
      occurredAt: row.occurred_at,
      receivedAt: row.received_at,
      claimedAt: row.claimed_at ?? row.received_at,
      hasObject: Boolean(row.hasObject),
    })),
    closings: acts.map(({ id: actId, kind, made_at: madeAt }) =>
      kind === 'expire'
        ? { as: 'expired', at: invoice.expires_at ?? madeAt, actId, madeAt }
        : { as: 'canceled', at: madeAt, actId, madeAt },
    ),
  };
};

/** The evidence whose provider object is the newest. */
export const newestObject = ({ evidence }: History): StoredEvidence | undefined =>
  evidence
    .filter(({ hasObject }) => hasObject)
    .toSorted(byTime)
    .at(-1);
