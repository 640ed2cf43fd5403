import { type CreateInvoice, Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { headStartMs } from '../jobs/core-jobs.ts';
import type { Transaction } from '../store/store.ts';
import { findKey, keepKey, type KeyedRequest, type KeyRecord } from './idempotency.ts';
import { insertInvoice } from './insert-invoice.ts';
import { openInvoice } from './open-invoice.ts';
import { deliver, readOutcome } from './outcome.ts';

/** The request as its key stands for it. */
const keyedRequest = ({
  caller,
  onBehalfOf,
  idempotencyKey,
  money,
  item,
  description,
  options,
  expiry,
}: CreateInvoice): KeyedRequest | undefined => {
  if (idempotencyKey === null) return undefined;
  const terms = [money, item, description, options, expiry];
  const asked = onBehalfOf === null ? terms : [...terms, onBehalfOf];
  return {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['invoices.create', ...asked],
  };
};

/** @returns UTC ms; null for never. @throws DomainError `invalid_request` for a time that has passed */
const expiryOf = ({ expiry }: CreateInvoice, now: number): number | null => {
  if (expiry === null) return null;
  if (expiry.kind === 'in') return now + expiry.seconds * 1000;
  const time = Date.parse(expiry.time);
  if (time > now) return time;
  throw new DomainError('invalid_request', 'has passed already', { param: 'expiresAt' });
};

const scheduleJobs = async (
  { jobs }: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { invoiceId, expiresAt, now }: { invoiceId: number; expiresAt: number | null; now: number },
): Promise<void> => {
  const job = { key: String(invoiceId), payload: { invoiceId } };
  await jobs.schedule(tx, { kind: 'open', ...job, runAt: now + headStartMs });
  if (expiresAt === null) return;
  await jobs.schedule(tx, { kind: 'expire', ...job, runAt: expiresAt });
};

interface Reserved {
  isNew: boolean;
  record: KeyRecord;
}

/** The first transaction of a create: the invoice `creating`, its event, and the client's key. */
const reserve = (deps: Deps, input: CreateInvoice): Promise<Reserved> =>
  deps.store.write(async (tx) => {
    const keyed = keyedRequest(input);
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return { isNew: false, record: earlier };

    const now = deps.clock();
    const expiresAt = expiryOf(input, now);
    const { money, item, description, options } = input;
    const id = await insertInvoice(tx, {
      owner: input.onBehalfOf ?? input.caller,
      flow: options,
      options,
      money,
      item,
      description,
      expiresAt,
      sandbox: deps.sandbox,
      rule: 'it was asked for',
      now,
    });
    if (keyed) await keepKey(tx, keyed, { subject: `invoice:${id}`, now });
    await scheduleJobs(deps, tx, { invoiceId: id, expiresAt, now });
    return { isNew: true, record: { id, outcome: null } };
  });

/**
 * Creates an invoice: one transaction, the provider, one transaction. A repeated Idempotency-Key gets the first
 * answer, or joins the work that is still under way.
 */
export const createInvoice = async (deps: Deps, input: CreateInvoice): Promise<Invoice> => {
  const keyed = keyedRequest(input);
  const isRepeated = keyed !== undefined && (await findKey(deps.store.read, keyed)) !== undefined;
  if (!isRepeated) await deps.catalog.assertCollectable(input.options, input.money);

  const { isNew, record } = await reserve(deps, input);
  if (record.outcome !== null) return deliver(readOutcome(Invoice, record.outcome));
  return deliver(await openInvoice(deps, { invoiceId: record.id, mayBeOpen: !isNew }));
};
