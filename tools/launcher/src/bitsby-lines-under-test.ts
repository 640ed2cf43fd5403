import { join } from 'node:path';
import { Fact } from '@quittance/contracts';
import type { CanonicalInvoice } from '@quittance/contracts/canonical';
import { openSqliteStore } from '@quittance/invoice-core/app';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { BitsbyEntry } from './bitsby-books-under-test.ts';
import type { HubUnderTest } from './hub-under-test.ts';

/** What the hub has stored about an invoice's money: whether a webhook came through, and every worth that it was told. */
export interface Evidence {
  isHinted: boolean;
  /** Minor units, oldest first. */
  worths: number[];
}

const cents = (text: string): number => Math.round(Number(text) * 100);

/** By Bitsby's id. */
export const evidenceOf = async ({ dataDir }: HubUnderTest): Promise<Map<string, Evidence>> => {
  const store = await openSqliteStore(join(dataDir, 'quittance.db'));
  const rows = await store.read
    .selectFrom('observations')
    .select(['ref', 'source', 'facts'])
    .where('provider', '=', 'bitsby')
    .orderBy('id')
    .execute();
  await store.close();
  const all = new Map<string, Evidence>();
  for (const { ref, source, facts } of rows) {
    if (ref === null) continue;
    const known = all.get(ref) ?? { isHinted: false, worths: [] };
    const worths = z
      .array(Fact)
      .parse(parseJson(facts))
      .flatMap((fact) => (fact.kind === 'payment' ? [fact.money.amount] : []));
    all.set(ref, {
      isHinted: known.isHinted || source === 'webhook',
      worths: [...known.worths, ...worths],
    });
  }
  return all;
};

interface Line {
  ref: string;
  status: string;
  received: number;
  payments: string[];
}

/**
 * What a payment of Bitsby's books is worth: what the webhook says, where it came through; else, since Bitsby calls the
 * invoice paid, its amount. Where that was believed before the webhook came, money does not become less.
 */
const worthOf = ({ calc, owed }: { calc: number; owed: number }, evidence?: Evidence): number => {
  if (!evidence?.isHinted) return owed;
  return evidence.worths[0] === calc ? calc : Math.max(calc, owed);
};

const isBound = ({ isBound: bound }: BitsbyEntry['payments'][number]): boolean => bound;

const statusWithoutMoney = { unpaid: 'pending', expired: 'expired', canceled: 'canceled' };

export const theirLine = ({ invoice, payments }: BitsbyEntry, evidence?: Evidence): Line => {
  const { id: ref, status, amountFiat } = invoice;
  const owed = cents(amountFiat);
  const bound = payments.filter(isBound);
  if (status !== 'paid') {
    return { ref, status: statusWithoutMoney[status], received: 0, payments: [] };
  }
  const received = bound.reduce(
    (sum, { calcAmountFiat }) => sum + worthOf({ calc: cents(calcAmountFiat), owed }, evidence),
    0,
  );
  return {
    ref,
    status: 'paid',
    received,
    payments: bound.map(({ id, hash, amount }) => `${id} ${hash} ${amount}`),
  };
};

export const ourLine = ({ providerRef, status, received, payments }: CanonicalInvoice): Line => ({
  ref: providerRef ?? '',
  status,
  received,
  payments: payments.map(
    ({ providerRef: id, crypto }) => `${id} ${crypto?.hash} ${crypto?.amount}`,
  ),
});

export const textsOf = (lines: readonly Line[]): string[] =>
  lines.map((line) => JSON.stringify(line));

/** What was believed of an invoice's money that nobody said, and what a webhook said that was not believed. */
export const unfounded = (
  entries: readonly BitsbyEntry[],
  evidence: ReadonlyMap<string, Evidence>,
): object[] =>
  entries.flatMap(({ invoice, payments }) => {
    const { isHinted = false, worths = [] } = evidence.get(invoice.id) ?? {};
    const told = isHinted
      ? payments.filter(isBound).map(({ calcAmountFiat }) => cents(calcAmountFiat))
      : [];
    const possible = [cents(invoice.amountFiat), ...told];
    const wrong = worths.filter((worth) => !possible.includes(worth));
    const missed = told.filter((worth) => !worths.includes(worth));
    return wrong.length + missed.length === 0 ? [] : [{ id: invoice.id, wrong, missed }];
  });
