import { createHash } from 'node:crypto';
import { type CreateInvoice, type Invoice, PaymentPolicy } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import type { Transaction } from '../store/store.ts';
import { appendEvents } from './append-events.ts';
import { standingColumns } from './invoice-rows.ts';
import { openInvoice } from './open-invoice.ts';
import { standingOf } from './standing.ts';
import { deliver, type Outcome, readOutcome } from './outcome.ts';

const created = { type: 'invoice.created', rule: 'it was asked for' } as const;

const hashOf = ({ money, item, description, options, expiresAt }: CreateInvoice): string =>
  createHash('sha256')
    .update(JSON.stringify(['invoices.create', money, item, description, options, expiresAt]))
    .digest('hex');

type Reserved =
  | { state: 'new' | 'open'; invoiceId: number }
  | { state: 'settled'; outcome: Outcome };

const findReserved = async (
  tx: Transaction,
  input: CreateInvoice,
  key: string,
): Promise<Reserved | undefined> => {
  const record = await tx
    .selectFrom('idempotency_records')
    .select(['request_hash as hash', 'subject', 'outcome'])
    .where('user_id', '=', input.caller.userId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!record) return undefined;
  if (record.hash !== hashOf(input)) {
    throw new DomainError(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another request',
      { param: 'Idempotency-Key' },
    );
  }
  return record.outcome === null
    ? { state: 'open', invoiceId: Number(record.subject.slice('invoice:'.length)) }
    : { state: 'settled', outcome: readOutcome(record.outcome) };
};

const insertInvoice = async (
  tx: Transaction,
  { caller, money, item, description, options, expiresAt }: CreateInvoice,
  now: number,
): Promise<number> => {
  const { policy } = await tx
    .selectFrom('accounts')
    .select('policy')
    .where('id', '=', caller.accountId)
    .executeTakeFirstOrThrow();
  const { id } = await tx
    .insertInto('invoices')
    .values({
      public_id: newPublicId(now),
      account_id: caller.accountId,
      user_id: caller.userId,
      provider: options.provider,
      flow: options.flow,
      options: JSON.stringify(options),
      policy,
      ...standingColumns(
        standingOf({ owed: money, policy: PaymentPolicy.parse(parseJson(policy)) }, []),
      ),
      amount: money.amount,
      currency: money.currency,
      expires_at: expiresAt === null ? null : Date.parse(expiresAt),
      item_type: item.type,
      item_id: item.id,
      description,
      provider_ref: null,
      observation_id: null,
      event_count: 1,
      open_attempts: 0,
      open_due_at: now,
      created_at: now,
      updated_at: now,
      version: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await appendEvents(
    tx,
    { id, account_id: caller.accountId, event_count: 0 },
    { transitions: [created], status: 'creating', cause: {}, now },
  );
  return id;
};

/** The first transaction of a create: the invoice `creating`, its event, and the client's key. */
const reserve = ({ store, clock }: Deps, input: CreateInvoice): Promise<Reserved> =>
  store.write(async (tx) => {
    const key = input.idempotencyKey;
    const earlier = key === null ? undefined : await findReserved(tx, input, key);
    if (earlier) return earlier;

    const now = clock();
    const invoiceId = await insertInvoice(tx, input, now);
    if (key !== null) {
      await tx
        .insertInto('idempotency_records')
        .values({
          user_id: input.caller.userId,
          key,
          request_hash: hashOf(input),
          subject: `invoice:${invoiceId}`,
          outcome: null,
          created_at: now,
        })
        .execute();
    }
    return { state: 'new', invoiceId };
  });

/**
 * Creates an invoice: one transaction, the provider, one transaction. A repeated Idempotency-Key gets the first
 * answer, or joins the work that is still under way.
 */
export const createInvoice = async (deps: Deps, input: CreateInvoice): Promise<Invoice> => {
  await deps.catalog.assertCollectable(input.options, input.money);
  const reserved = await reserve(deps, input);
  if (reserved.state === 'settled') return deliver(reserved.outcome);
  const { invoiceId, state } = reserved;
  return deliver(await openInvoice(deps, { invoiceId, mayBeOpen: state === 'open' }));
};
