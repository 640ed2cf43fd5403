import {
  type CheckoutQuestion,
  InvoiceStatus,
  type ProviderName,
  type WebhookReply,
} from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { invoiceOfRef } from '../invoices/observations.ts';
import { isOfThisWorld } from '../invoices/world.ts';
import type { Transaction } from '../store/store.ts';
import { type Accepted, decideCheckout, type Decision, type Payable } from './decide-checkout.ts';
import { lastAccepted } from './on-its-way.ts';

interface Asked {
  provider: ProviderName;
  ask: CheckoutQuestion;
  now: number;
}

/** The invoice that a question is about, of the providers that we have now. */
const payableOf = async (
  { sandbox }: Pick<Deps, 'sandbox'>,
  tx: Transaction,
  { provider, ask: { ref } }: Asked,
): Promise<(Payable & { id: number }) | null> => {
  const id = await invoiceOfRef(tx, { provider, ref });
  if (id === null) return null;
  const row = await tx
    .selectFrom('invoices')
    .select(['sandbox', 'status', 'amount', 'received', 'currency', 'expires_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (!isOfThisWorld({ sandbox }, row)) return null;
  const { amount, received, currency } = row;
  const owed = { amount: Math.max(0, amount - received), currency };
  return { id, status: InvoiceStatus.parse(row.status), owed, expiresAt: row.expires_at };
};

/** @returns whether nobody else was let through since the last one was read */
const accept = async (
  tx: Transaction,
  { id, last, ask, now }: { id: number; last: Accepted | null; ask: CheckoutQuestion; now: number },
): Promise<boolean> => {
  const accepted = { question_id: ask.id, payer: ask.payer, accepted_at: now };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('checkouts')
    .values({ invoice_id: id, ...accepted })
    .onConflict((conflict) =>
      conflict
        .column('invoice_id')
        .doUpdateSet(accepted)
        .where('checkouts.question_id', '=', last?.questionId ?? ''),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

const decide = async (
  deps: Pick<Deps, 'sandbox'>,
  tx: Transaction,
  asked: Asked,
): Promise<Decision> => {
  const { ask, now } = asked;
  const invoice = await payableOf(deps, tx, asked);
  const last = invoice && (await lastAccepted(tx, invoice.id));
  const decision = decideCheckout({ invoice, accepted: last, now }, ask);
  if (decision !== 'accept' || !invoice || last?.questionId === ask.id) return decision;
  return (await accept(tx, { id: invoice.id, last, ask, now })) ? 'accept' : 'being_paid';
};

/**
 * Decides whether a payer may pay, and keeps whom it let through. Nothing is kept of a refusal: asked again, it is decided
 * by how things stand then.
 * @returns the prepared reply, to be given after the commit
 */
export const answerCheckout = async (
  deps: Pick<Deps, 'sandbox'>,
  tx: Transaction,
  asked: Asked,
): Promise<WebhookReply> => {
  const decision = await decide(deps, tx, asked);
  const { replies } = asked.ask;
  return decision === 'accept' ? replies.accept : replies.refuse[decision];
};
