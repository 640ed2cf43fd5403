import {
  type Fact,
  formatDecimal,
  type Money,
  type Observation,
  type OpenInput,
} from '@quittance/contracts';
import {
  type BitsbyPayment,
  CreatedInvoice,
  type ListedInvoice,
} from '@quittance/contracts/bitsby';
import { notPossible, unavailable } from './errors.ts';
import { corroborated } from './hint.ts';
import type { Fields } from './http-client.ts';
import { type KnownObject, readKnown } from './known-object.ts';
import type { Look } from './look.ts';
import { readMoney } from './money.ts';
import { payPageOf } from './pay-page.ts';
import { paidFacts, type ValuedPayment, valuePayments } from './payments.ts';
import { toServiceData } from './service-data.ts';
import { isoTime } from './times.ts';

/** What `/invoices/create` is sent. @throws DomainError `provider_refused` for what Bitsby has no invoice for */
export const createFields = (input: OpenInput): Fields => {
  const { options, projectRef, money, description } = input;
  if (options.flow !== 'bitsby.invoice') throw notPossible(`Bitsby does not do ${options.flow}`);
  if (projectRef === null) throw notPossible('Bitsby makes invoices for a project only');
  return {
    projectId: projectRef,
    amountFiat: formatDecimal(money),
    currencyFiat: money.currency,
    ...(description !== null && { description }),
    serviceData: toServiceData(input),
    timeToPay: String(options.timeToPay),
  };
};

const progress = (state: 'awaiting' | 'expired' | 'canceled'): Fact => ({
  kind: 'progress',
  state,
  reason: null,
});

const endsAt = ({ timeToPayDatetime }: Pick<ListedInvoice, 'timeToPayDatetime'>): Fact => ({
  kind: 'ends',
  time: isoTime(timeToPayDatetime),
});

/** What the answer to a create says; undefined where it cannot be read. */
export const openedObservation = (data: unknown, look: Look): Observation | undefined => {
  const { data: invoice } = CreatedInvoice.safeParse(data);
  return (
    invoice && {
      evidenceId: `open:${invoice.id}`,
      ref: invoice.id,
      aliases: [invoice.uid],
      occurredAt: look.at,
      facts: [progress('awaiting'), endsAt(invoice)],
      providerData: JSON.stringify(invoice),
      raw: null,
    }
  );
};

/** What Bitsby has listed about an invoice, and what is known of it beside that. */
export interface Seen {
  invoice: ListedInvoice;
  /** Bound to it; asked for only when it is paid. */
  payments: readonly BitsbyPayment[];
  object: string | null;
  /** Webhooks about it, newest first. */
  hints: readonly string[];
}

/**
 * From when on it was so, which the lists do not say: by our clock when we looked. Only what can still be paid is
 * canceled, so that was before the end of its time, however late we look; and nothing expires before that end, however
 * late our clock is.
 */
const seenSince = ({ status, timeToPayDatetime }: ListedInvoice, { at }: Look): string => {
  const seenAt = Date.parse(at);
  const end = Date.parse(isoTime(timeToPayDatetime));
  if (status === 'canceled') return new Date(Math.min(seenAt, end - 1)).toISOString();
  return status === 'expired' ? new Date(Math.max(seenAt, end)).toISOString() : at;
};

const factsOf = (
  invoice: ListedInvoice,
  valued: readonly ValuedPayment[],
  { owed, now }: { owed: Money; now: number },
): Fact[] => {
  const ends = endsAt(invoice);
  switch (invoice.status) {
    case 'unpaid':
      return [progress('awaiting'), ends];
    case 'expired':
    case 'canceled':
      return [progress(invoice.status), ends];
    case 'paid':
      return [ends, ...paidFacts(valued, { owed, now })];
  }
};

/** What was said now: what it leaves open stays as it was. */
const saidNow = (invoice: ListedInvoice, { fields }: KnownObject): object =>
  Object.fromEntries(
    Object.entries(invoice).filter(
      ([name, value]) => value !== undefined && (value !== null || !Object.hasOwn(fields, name)),
    ),
  );

/** @throws DomainError `unavailable` when the amount cannot be read */
export const seenObservation = (
  seen: Seen,
  { look, apiUrl }: { look: Look; apiUrl: string },
): Observation => {
  const { invoice, payments } = seen;
  const owed = readMoney(invoice.amountFiat, invoice.currencyFiat);
  if (owed === undefined) throw unavailable('Bitsby gave an amount that cannot be read');
  const known = readKnown(seen.object);
  const hints = corroborated(seen.hints, seen);
  const [hint] = hints;
  const valued = valuePayments(payments, { invoice, known: known.payments, hints });
  const hinted = valued.find(({ payment }) => payment.id === hint?.payment.id);
  const listed = valued.map(({ payment: { invoice: _invoice, ...payment }, calcAmountFiat }) =>
    calcAmountFiat === undefined ? payment : { ...payment, calcAmountFiat },
  );
  const shown = listed.length > 0 ? listed : known.payments;
  const providerData = {
    url: payPageOf(apiUrl, invoice.uid),
    ...known.fields,
    ...saidNow(invoice, known),
    ...(hint && { project: hint.project }),
    ...(hinted?.calcAmountFiat !== undefined && { calcAmountFiat: hinted.calcAmountFiat }),
    ...(shown.length > 0 && { payments: shown }),
  };
  return {
    evidenceId: `seen:${invoice.id}:${look.id}`,
    ref: invoice.id,
    aliases: [invoice.uid],
    occurredAt: seenSince(invoice, look),
    facts: factsOf(invoice, valued, { owed, now: Date.parse(look.at) }),
    providerData: JSON.stringify(providerData),
    raw: null,
  };
};

/** What it means that Bitsby has carried out a cancel, of which it says nothing more. */
export const canceledObservation = (
  { ref, object }: { ref: string; object: string | null },
  look: Look,
): Observation => {
  const { fields, payments } = readKnown(object);
  const providerData = {
    ...fields,
    ...(payments.length > 0 && { payments }),
    status: 'canceled',
  };
  return {
    evidenceId: `canceled:${ref}`,
    ref,
    occurredAt: look.at,
    facts: [progress('canceled')],
    providerData: object === null ? null : JSON.stringify(providerData),
    raw: null,
  };
};
