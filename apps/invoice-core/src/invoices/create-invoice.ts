import { type CreateInvoice, Invoice, PaymentPolicy } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { headStartMs } from '../jobs/core-jobs.ts';
import type { Transaction } from '../store/store.ts';
import { appendEvents } from './append-events.ts';
import { insertTerms } from './description-terms.ts';
import { findKey, keepKey, type KeyedRequest, type KeyRecord } from './idempotency.ts';
import { standingColumns } from './invoice-rows.ts';
import { openInvoice } from './open-invoice.ts';
import { deliver, readOutcome } from './outcome.ts';
import { standingOf } from './standing.ts';

const created = { type: 'invoice.created', rule: 'it was asked for' } as const;

/** The request as its key stands for it. */
const keyedRequest = ({
  caller,
  idempotencyKey,
  money,
  item,
  description,
  options,
  expiry,
}: CreateInvoice): KeyedRequest | undefined =>
  idempotencyKey === null
    ? undefined
    : {
        userId: caller.userId,
        key: idempotencyKey,
        request: ['invoices.create', money, item, description, options, expiry],
      };

const insertInvoice = async (
  tx: Transaction,
  { caller, money, item, description, options }: CreateInvoice,
  { expiresAt, now, sandbox }: { expiresAt: number | null; now: number; sandbox: boolean },
): Promise<number> => {
  const { policy } = await tx
    .selectFrom('accounts')
    .select('policy')
    .where('id', '=', caller.accountId)
    .executeTakeFirstOrThrow();
  const publicId = newPublicId(now);
  const { id } = await tx
    .insertInto('invoices')
    .values({
      public_id: publicId,
      account_id: caller.accountId,
      user_id: caller.userId,
      provider: options.provider,
      flow: options.flow,
      options: JSON.stringify(options),
      sandbox: Number(sandbox),
      policy,
      ...standingColumns(
        standingOf({ owed: money, policy: PaymentPolicy.parse(parseJson(policy)) }, []),
      ),
      amount: money.amount,
      currency: money.currency,
      expires_at: expiresAt,
      item_type: item.type,
      item_id: item.id,
      description,
      provider_ref: null,
      observation_id: null,
      event_count: 1,
      created_at: now,
      updated_at: now,
      version: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await insertTerms(tx, { accountId: caller.accountId, publicId, description });
  await appendEvents(
    tx,
    { id, public_id: publicId, account_id: caller.accountId, event_count: 0 },
    { transitions: [created], status: 'creating', cause: {}, now },
  );
  return id;
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
    const id = await insertInvoice(tx, input, { expiresAt, now, sandbox: deps.sandbox });
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
