import { type Payment, RefundInput } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Transaction } from '../store/store.ts';
import { readHistory } from './history.ts';
import { type InvoiceRow, standingOfRow } from './invoice-rows.ts';
import type { Ability } from './provider-catalog.ts';

/** What is kept with a refund of which payment it is: that does not change when more money comes. */
export const RefundDetail = z.object({ payment: RefundInput.shape.payment });
export type RefundDetail = z.infer<typeof RefundDetail>;

/** Which payment a refund was asked for, as it is kept; none was, before there was a choice. */
export const refundedPayment = ({ detail }: { detail: string | null }): RefundDetail['payment'] =>
  detail === null ? null : RefundDetail.parse(parseJson(detail)).payment;

/** The payments whose money is being given back, or has been. */
const takenRefs = async (tx: Transaction, { id }: InvoiceRow): Promise<Set<string>> => {
  const refunds = await tx
    .selectFrom('acts')
    .select('detail')
    .where('invoice_id', '=', id)
    .where('kind', '=', 'refund')
    .where('state', 'in', ['pending', 'done'])
    .execute();
  return new Set(refunds.flatMap((refund) => refundedPayment(refund)?.ref ?? []));
};

/** An invoice's payments in its own currency, but for the rest of a total that no payment explains. */
const namedPayments = async (
  tx: Transaction,
  invoice: InvoiceRow,
): Promise<{ payments: Payment[]; isAll: boolean }> => {
  const counted = standingOfRow(invoice).payments.filter(
    ({ money }) => money.currency === invoice.currency,
  );
  const { evidence } = await readHistory(tx, invoice);
  const totals = new Set(
    evidence.flatMap(({ facts }) =>
      facts.flatMap((fact) => (fact.kind === 'received' ? fact.ref : [])),
    ),
  );
  const payments = counted.filter(({ ref }) => !totals.has(ref));
  return { payments, isAll: payments.length === counted.length };
};

export interface RefundTerms {
  /** Minor units; null for all that is left. */
  asked: number | null;
  /** What can still be given back, in minor units. */
  left: number;
  ability: Ability['refund'];
}

const refuse = (message: string): never => {
  throw new DomainError('invalid_request', message, { param: 'amount' });
};

/**
 * A payment that is given back whole: the only one there is, or the one that is as large as what is asked for; of several
 * the last, since the first is what settled the invoice.
 */
const wholePayment = (payments: readonly Payment[], { asked, left }: RefundTerms): Payment => {
  if (payments.length === 0) throw new DomainError('conflict', 'No payment is left to give back');
  const [only, ...others] = payments;
  const chosen =
    asked === null && others.length === 0
      ? only
      : payments.findLast(({ money }) => money.amount === asked);
  if (chosen && chosen.money.amount <= left) return chosen;
  const amounts = payments.map(({ money }) => money.amount).join(' or ');
  return refuse(`must be a whole payment, which is ${amounts}: it cannot be parted`);
};

/**
 * How much to give back, and of which payment: the only one, or one that is as large as what is asked for. Minor units.
 * @throws DomainError `conflict` where nothing can be given back; `invalid_request` for what cannot
 */
export const chooseRefund = async (
  tx: Transaction,
  invoice: InvoiceRow,
  terms: RefundTerms,
): Promise<{ amount: number } & RefundDetail> => {
  const { asked, left, ability } = terms;
  if (ability === 'none') throw new DomainError('conflict', 'The provider cannot give money back');
  if (left <= 0) throw new DomainError('conflict', 'There is nothing left to give back');
  if (asked !== null && asked > left) return refuse(`is more than is left, which is ${left}`);

  const { payments, isAll } = await namedPayments(tx, invoice);
  const taken = await takenRefs(tx, invoice);
  const untaken = payments.filter(({ ref }) => !taken.has(ref));
  const named = ({ ref, payer }: Payment): RefundDetail['payment'] => ({ ref, payer });
  if (ability === 'whole') {
    const payment = wholePayment(untaken, terms);
    return { amount: payment.money.amount, payment: named(payment) };
  }
  const amount = asked ?? left;
  const [only, ...others] = payments;
  const isOnly = isAll && others.length === 0;
  const payment = isOnly ? only : untaken.find(({ money }) => money.amount === amount);
  return { amount, payment: payment ? named(payment) : null };
};
