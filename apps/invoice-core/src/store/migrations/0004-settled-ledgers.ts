import { parseJson } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import { z } from 'zod';

export interface Ledgers {
  invoices: { id: number; amount: number; policy: string; ledger: string };
  observations: {
    invoice_id: number | null;
    evidence_id: string;
    facts: string;
    occurred_at: number;
  };
}

const Policy = z.object({
  tolerance: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('absolute'), amount: z.int() }),
    z.object({ kind: z.literal('percent'), basisPoints: z.int() }),
  ]),
});

const Ledger = z.looseObject({ accepted: z.int() });
const Facts = z.array(z.looseObject({ kind: z.string(), state: z.string().optional() }));

const isSettled = (amount: number, accepted: number, policy: string): boolean => {
  const { tolerance } = Policy.parse(parseJson(policy));
  const allowed =
    tolerance.kind === 'absolute'
      ? tolerance.amount
      : Math.floor((amount * tolerance.basisPoints) / 10_000);
  return accepted >= amount - Math.min(amount - 1, allowed);
};

/** In the order in which of two facts of one moment the later stands. */
const ranks = (
  'awaiting processing attempt_failed expired canceled refused payment ' +
  'refund_pending refund_succeeded refund_ended dispute_open dispute_lost dispute_won'
).split(' ');

const rankOf = ({ kind, state = '' }: z.infer<typeof Facts>[number]): number => {
  if (kind === 'progress') return ranks.indexOf(state);
  if (kind === 'payment') return ranks.indexOf(kind);
  const end = state === 'failed' || state === 'canceled' ? 'ended' : state;
  return ranks.indexOf(`${kind}_${end}`);
};

const newestProgress = async (db: Kysely<Ledgers>, invoiceId: number): Promise<string | null> => {
  const rows = await db
    .selectFrom('observations')
    .select(['evidence_id', 'facts', 'occurred_at'])
    .where('invoice_id', '=', invoiceId)
    .execute();
  const said = rows.map(({ facts, evidence_id: id, occurred_at: at }) => {
    const parsed = Facts.parse(parseJson(facts));
    const states = parsed.flatMap(({ kind, state }) => (kind === 'progress' ? (state ?? []) : []));
    const rank = Math.max(0, ...parsed.map(rankOf));
    return { id, at, rank, states };
  });
  const states = said
    .toSorted((a, b) => a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : 1))
    .flatMap((one) => one.states);
  return states.includes('refused') ? 'refused' : (states.at(-1) ?? null);
};

const batch = 1000;

/** Writes into each ledger whether its invoice is settled and how far it has got. */
export const settleLedgers = async (db: Kysely<Ledgers>, afterId = 0): Promise<void> => {
  const rows = await db
    .selectFrom('invoices')
    .select(['id', 'amount', 'policy', 'ledger'])
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(batch)
    .execute();
  for (const { id, amount, policy, ledger } of rows) {
    const { accepted, ...rest } = Ledger.parse(parseJson(ledger));
    const settled = isSettled(amount, accepted, policy);
    const progress = await newestProgress(db, id);
    await db
      .updateTable('invoices')
      .set({ ledger: JSON.stringify({ accepted, settled, progress, ...rest }) })
      .where('id', '=', id)
      .execute();
  }
  const last = rows.at(-1);
  if (last) await settleLedgers(db, last.id);
};
