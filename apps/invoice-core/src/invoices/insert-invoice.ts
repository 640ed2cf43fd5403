import {
  type Caller,
  defaultPolicy,
  type Flow,
  type FlowOptions,
  type InvoiceItem,
  type Money,
  PaymentPolicy,
  type ProviderName,
} from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import { announceInvoice } from '../endpoints/outbox.ts';
import { newPublicId } from '../ids.ts';
import type { Transaction } from '../store/store.ts';
import { appendEvents } from './append-events.ts';
import { insertTerms } from './description-terms.ts';
import { standingColumns } from './invoice-rows.ts';
import type { Ability } from './provider-catalog.ts';
import { standingOf } from './standing.ts';

interface NewInvoice {
  owner: Caller;
  flow: { provider: ProviderName; flow: Flow };
  /** Null for an invoice that was made at the provider itself. */
  options: FlowOptions | null;
  money: Money;
  item: z.infer<typeof InvoiceItem>;
  description: string | null;
  payload: string | null;
  /** In our own numbers. */
  projectId: number | null;
  /** Who says when money settles it: the account's policy, or the provider, which counts every cent. */
  settledBy: Ability['settledBy'];
  /** When opening it is tried, where such a try may come about later; UTC ms. */
  openTriedAt: number | null;
  /** UTC ms; null for never. */
  expiresAt: number | null;
  sandbox: boolean;
  /** Why there is one. */
  rule: string;
  now: number;
}

const policyOf = async (
  tx: Transaction,
  { accountId }: Caller,
  settledBy: Ability['settledBy'],
): Promise<PaymentPolicy> => {
  if (settledBy === 'provider') return defaultPolicy;
  const { policy } = await tx
    .selectFrom('accounts')
    .select('policy')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  return PaymentPolicy.parse(parseJson(policy));
};

/** Stores an invoice of which nothing is known yet but that there is one. @returns its id */
export const insertInvoice = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  {
    owner,
    flow,
    options,
    money,
    item,
    description,
    payload,
    projectId,
    settledBy,
    openTriedAt,
    expiresAt,
    sandbox,
    rule,
    now,
  }: NewInvoice,
): Promise<number> => {
  const policy = await policyOf(tx, owner, settledBy);
  const publicId = newPublicId(now);
  const standing = standingOf({ owed: money, policy }, []);
  const { id } = await tx
    .insertInto('invoices')
    .values({
      public_id: publicId,
      account_id: owner.accountId,
      user_id: owner.userId,
      project_id: projectId,
      provider: flow.provider,
      flow: flow.flow,
      options: options && JSON.stringify(options),
      sandbox: Number(sandbox),
      policy: JSON.stringify(policy),
      ...standingColumns(standing),
      asked_amount: money.amount,
      currency: money.currency,
      expires_at: expiresAt,
      item_type: item.type,
      item_id: item.id,
      description,
      payload,
      provider_ref: null,
      open_tried_at: openTriedAt,
      looked_at: null,
      observation_id: null,
      event_count: 1,
      created_at: now,
      updated_at: now,
      version: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await insertTerms(tx, { accountId: owner.accountId, publicId, description });
  const events = await appendEvents(
    tx,
    { id, public_id: publicId, account_id: owner.accountId, event_count: 0 },
    { transitions: [{ type: 'invoice.created', rule }], status: 'creating', cause: {}, now },
  );
  await announceInvoice(deps, tx, { invoiceId: id, accountId: owner.accountId, events, now });
  return id;
};
