import {
  type Caller,
  type CreateInvoice,
  type Currency,
  type Invoice,
  type Money,
  type User,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { billedUser, userOfCustomer } from '../identities/user-of-customer.ts';
import { headStartMs } from '../jobs/core-jobs.ts';
import type { Transaction } from '../store/store.ts';
import { assertTurn } from '../pace/assert-turn.ts';
import { projectForInvoice } from '../projects/project-of-invoice.ts';
import { findKey, keepKey, type KeyedRequest, type KeyRecord } from './idempotency.ts';
import { insertInvoice } from './insert-invoice.ts';
import { openInvoice } from './open-invoice.ts';
import { deliver, KeptInvoice, readOutcome } from './outcome.ts';
import type { Ability } from './provider-catalog.ts';

/** The request as its key stands for it. */
const keyedRequest = ({
  caller,
  billed,
  idempotencyKey,
  money,
  item,
  description,
  payload,
  projectId,
  options,
  expiry,
}: CreateInvoice): KeyedRequest | undefined => {
  if (idempotencyKey === null) return undefined;
  const terms = [money, item, description, options, expiry];
  // What there was not at first is part of it only where it is given: older requests can still be repeated.
  const given = [
    ...(billed === null ? [] : [billed]),
    ...(payload === null && projectId === null ? [] : [{ payload, projectId }]),
  ];
  return {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['invoices.create', ...terms, ...given],
  };
};

/** @throws DomainError `invalid_request` for a time that the provider would not keep to */
const assertExpiry = ({ expiry, options }: CreateInvoice, { expire }: Ability): void => {
  if (expiry === null || !expire) return;
  throw new DomainError('invalid_request', `${options.provider} itself ends its invoices`, {
    param: 'expiresAt',
  });
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
  {
    invoiceId,
    ability,
    expiresAt,
    now,
  }: { invoiceId: number; ability: Ability; expiresAt: number | null; now: number },
): Promise<void> => {
  const job = { key: String(invoiceId), payload: { invoiceId } };
  // Whoever creates it waits for its turn as long as this.
  const patienceMs = ability.pace?.patienceMs ?? 0;
  await jobs.schedule(tx, { kind: 'open', ...job, runAt: now + headStartMs + patienceMs });
  if (expiresAt === null) return;
  await jobs.schedule(tx, { kind: 'expire', ...job, runAt: expiresAt });
};

interface Reserved {
  isNew: boolean;
  record: KeyRecord;
}

/** What a request comes to: whose invoice it is, and in which currency. */
interface Order {
  owner: Caller;
  money: Money;
}

const ownerOf = ({ accountId, id: userId }: User): Caller => ({ accountId, userId });

const inCurrency = (amount: number, currency: Currency | null): Money => {
  if (currency !== null) return { amount, currency };
  throw new DomainError('invalid_request', 'must be given: the customer has none', {
    param: 'currency',
  });
};

/**
 * Found out once, and not again for a request that is repeated: what the provider says of a customer changes.
 * @throws DomainError `provider_refused` for nobody; `invalid_request` where nobody says a currency
 */
const orderOf = async (
  deps: Deps,
  { caller, billed, money: { amount, currency: stated }, options }: CreateInvoice,
): Promise<Order> => {
  if (billed === null) return { owner: caller, money: inCurrency(amount, stated) };
  const { provider } = options;
  const { accountId } = caller;
  const { customerRef } = billed;
  if (stated !== null) {
    const user = await userOfCustomer(deps, { accountId, provider, customerRef });
    return { owner: ownerOf(user), money: { amount, currency: stated } };
  }
  const { user, currency } = await billedUser(deps, { accountId, provider, customerRef });
  return { owner: ownerOf(user), money: inCurrency(amount, currency) };
};

/** The first transaction of a create: the invoice `creating`, its event, and the client's key. */
const reserve = async (deps: Deps, input: CreateInvoice): Promise<Reserved> => {
  const { caller, item, description, payload, options } = input;
  const ability = await deps.catalog.abilityFor(options);
  assertExpiry(input, ability);
  const projectId = await projectForInvoice(deps.store.read, { ...input, ...caller, ability });
  const { owner, money } = await orderOf(deps, input);
  await deps.catalog.assertCollectable(options, money);
  const { settledBy, doubtMs } = ability;
  return deps.store.write(async (tx) => {
    const keyed = keyedRequest(input);
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return { isNew: false, record: earlier };

    const now = deps.clock();
    const expiresAt = expiryOf(input, now);
    await assertTurn(deps, tx, { provider: options.provider, ability });
    const id = await insertInvoice(deps, tx, {
      owner,
      flow: options,
      options,
      money,
      item,
      description,
      payload,
      projectId,
      settledBy,
      openTriedAt: doubtMs > 0 ? now : null,
      expiresAt,
      sandbox: deps.sandbox,
      rule: 'it was asked for',
      now,
    });
    if (keyed) await keepKey(tx, keyed, { subject: `invoice:${id}`, now });
    await scheduleJobs(deps, tx, { invoiceId: id, ability, expiresAt, now });
    return { isNew: true, record: { id, outcome: null } };
  });
};

const findEarlier = async (
  { store }: Deps,
  input: CreateInvoice,
): Promise<Reserved | undefined> => {
  const keyed = keyedRequest(input);
  const record = keyed && (await findKey(store.read, keyed));
  return record && { isNew: false, record };
};

/**
 * Creates an invoice: one transaction, the provider, one transaction. A repeated Idempotency-Key gets the first
 * answer, or joins the work that is still under way.
 */
export const createInvoice = async (deps: Deps, input: CreateInvoice): Promise<Invoice> => {
  const { isNew, record } = (await findEarlier(deps, input)) ?? (await reserve(deps, input));
  if (record.outcome !== null) return deliver(readOutcome(KeptInvoice, record.outcome));
  return deliver(await openInvoice(deps, { invoiceId: record.id, mayBeOpen: !isNew }));
};
