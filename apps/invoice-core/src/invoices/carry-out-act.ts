import {
  Act,
  type Invoice,
  type Observation,
  type ProgressState,
  ProviderAct,
  type ProviderActKind,
  ProviderName,
} from '@quittance/contracts';
import { DomainError, parseJson, type Refusal, toDomainError } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { type ActRow, toAct } from './act-rows.ts';
import { keptHints } from './hints.ts';
import { keepOutcome } from './idempotency.ts';
import { type InvoiceRow, readInvoice, readProviderData } from './invoice-rows.ts';
import { storeObservation } from './observations.ts';
import { KeptInvoice, type Outcome } from './outcome.ts';
import { pollSoon } from './poll-soon.ts';
import { providerNamed } from './provider-catalog.ts';
import { refundedPayment } from './refunded-payment.ts';
import { restate } from './restate.ts';
import { assertOfThisWorld } from './world.ts';

export const ActResult = z.object({ act: Act, invoice: KeptInvoice });
export type ActOutcome = Outcome<{ act: Act; invoice: Invoice }>;

interface Doing {
  act: ActRow;
  invoice: InvoiceRow;
  provider: ProviderName;
  ref: string;
  /** The provider's object as it was last seen. */
  object: string | null;
}

const readDoing = async ({ store: { read }, sandbox }: Deps, actId: number): Promise<Doing> => {
  const act = await read
    .selectFrom('acts')
    .selectAll()
    .where('id', '=', actId)
    .executeTakeFirstOrThrow();
  const invoice = await read
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', act.invoice_id)
    .executeTakeFirstOrThrow();
  assertOfThisWorld({ sandbox }, invoice);
  if (invoice.provider_ref === null) throw new Error(`Invoice ${invoice.id} is not open`);
  const provider = ProviderName.parse(invoice.provider);
  const object = await readProviderData(read, invoice.observation_id);
  return { act, invoice, provider, ref: invoice.provider_ref, object };
};

const providerAct = ({ kind, detail }: ActRow): ProviderAct =>
  ProviderAct.parse(detail === null ? { kind } : parseJson(detail));

const ask = (
  deps: Deps,
  { act, invoice, provider, ref, object }: Doing,
  mayBeDone: boolean,
): Promise<Observation> => {
  const port = providerNamed(deps.providers, provider);
  if (act.kind !== 'refund') return port.act({ ref, object, key: act.key, act: providerAct(act) });
  const money = { amount: act.amount ?? 0, currency: invoice.currency };
  return port.refund({ ref, payment: refundedPayment(act), key: act.key, money, mayBeDone });
};

/** A refund that the provider took and could not carry out. */
const failedRefund = ({ facts }: Observation): boolean =>
  facts.some(
    (fact) => fact.kind === 'refund' && (fact.state === 'failed' || fact.state === 'canceled'),
  );

/** Money that could not be moved is the provider's refusal; anything else it refuses as the invoice stands. */
const refusalCode = (kind: string) =>
  kind === 'refund' || kind === 'pay' ? 'provider_refused' : 'conflict';

interface Settlement {
  observation: Observation | undefined;
  /** Why it was refused; undefined when it was done. */
  refused: { message: string; refusal?: Refusal | undefined } | undefined;
}

/** Where an invoice is after an act; a refusal of one that is there already says that it was done. */
const statesAfter: Partial<Record<ProviderActKind, readonly ProgressState[]>> = {
  cancel: ['canceled'],
  void: ['canceled'],
  finalize: ['awaiting', 'overdue', 'action_required', 'attempt_failed', 'settled'],
  pay: ['settled'],
  mark_uncollectible: ['uncollectible'],
};

const isDoneBy = ({ facts }: Observation, act: ActRow, mayBeDone: boolean): boolean => {
  const asked = providerAct(act);
  // What was paid by card is not what the provider was to be told of, unless an earlier try has told it.
  if (asked.kind === 'pay' && asked.outOfBand && !mayBeDone) return false;
  return facts.some(
    (fact) => fact.kind === 'progress' && statesAfter[asked.kind]?.includes(fact.state),
  );
};

/** Asks the provider how the invoice stands, with all that is known by now: a webhook may have come meanwhile. */
const look = async (
  { store: { read }, catalog, providers }: Deps,
  { invoice: { id }, provider, ref }: Doing,
): Promise<Observation | undefined> => {
  const invoice = await read
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { webhookAuthenticated } = await catalog.abilityFor(invoice);
  const { observations } = await providerNamed(providers, provider).find({
    by: 'ref',
    ref,
    object: await readProviderData(read, invoice.observation_id),
    hints: webhookAuthenticated ? [] : (await keptHints(read, id)).map(({ body }) => body),
    isUrgent: true,
  });
  return observations[0];
};

/**
 * The provider's answer: done, or refused. What was refused is looked into: payment may have come before a cancel, or
 * another cancel.
 */
const findOut = async (deps: Deps, doing: Doing, mayBeDone: boolean): Promise<Settlement> => {
  try {
    const observation = await ask(deps, doing, mayBeDone);
    const refused = failedRefund(observation) ? { message: 'The refund failed' } : undefined;
    return { observation, refused };
  } catch (cause) {
    const { code, message, refusal } = toDomainError(cause);
    if (code !== 'provider_refused') throw cause;
    const observation = await look(deps, doing);
    const isDone =
      observation !== undefined &&
      doing.act.kind !== 'refund' &&
      isDoneBy(observation, doing.act, mayBeDone);
    return { observation, refused: isDone ? undefined : { message, refusal } };
  }
};

const refundRef = (observation: Observation | undefined): string | null => {
  const refund = observation?.facts.findLast((fact) => fact.kind === 'refund');
  return refund?.ref ?? null;
};

/** How long after a refusal the provider is asked again: its clock may tell no shorter times apart. */
const afterthoughtMs = 2000;

/** What was tried and what came of it may have one and the same time; a later look tells which came last. */
const lookAgain = (
  { jobs }: Deps,
  tx: Transaction,
  { invoiceId, now }: { invoiceId: number; now: number },
): Promise<void> => pollSoon({ jobs }, tx, { invoiceId, runAt: now + afterthoughtMs });

const settle = (
  deps: Deps,
  { act, invoice, provider }: Doing,
  { observation, refused }: Settlement,
  finish: (tx: Transaction) => Promise<void>,
): Promise<ActOutcome> =>
  deps.store.write(async (tx) => {
    const now = deps.clock();
    const source = act.kind === 'refund' ? 'refund' : 'act';
    const invoiceId = invoice.id;
    const observationId =
      observation &&
      (await storeObservation(tx, { provider, observation, source, invoiceId, now }));
    const settled = await tx
      .updateTable('acts')
      .set({
        state: refused ? 'refused' : 'done',
        provider_ref: act.kind === 'refund' && !refused ? refundRef(observation) : null,
        message: refused?.message ?? null,
        settled_at: now,
      })
      .where('id', '=', act.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await restate(deps, tx, { invoiceId, cause: { observationId, actId: act.id }, now });
    if (refused) await lookAgain(deps, tx, { invoiceId, now });
    const outcome: ActOutcome = refused
      ? { ok: false, code: refusalCode(act.kind), ...refused }
      : { ok: true, value: { act: toAct(settled), invoice: await readInvoice(tx, invoiceId) } };
    await keepOutcome(tx, `act:${act.id}`, outcome);
    await finish(tx);
    return outcome;
  });

const kept = (error: DomainError, { kind }: ActRow): DomainError =>
  error.code === 'unavailable'
    ? new DomainError(
        'unavailable',
        `${error.message}; the ${kind} is kept and will be carried out`,
        {
          cause: error,
        },
      )
    : new DomainError(
        'outcome_unknown',
        `It is not known yet what came of the ${kind}; it is kept and being found out`,
        { cause: error },
      );

/** The outcome of an act that has one. */
const settledOutcome = async (deps: Deps, act: ActRow): Promise<ActOutcome> => {
  const { kind, message, state, invoice_id } = act;
  if (state === 'done') {
    const invoice = await readInvoice(deps.store.read, invoice_id);
    return { ok: true, value: { act: toAct(act), invoice } };
  }
  return { ok: false, code: refusalCode(kind), message: message ?? 'It was refused' };
};

interface CarryOut {
  actId: number;
  /** Whether an earlier try may have got through. */
  mayBeDone: boolean;
  /** Ends the job behind it in the same transaction. */
  finish?: (tx: Transaction) => Promise<void>;
}

/**
 * Asks the provider for what an act wants, with the act's own key, and records what came of it.
 * @throws DomainError `unavailable` or `outcome_unknown`: the act stays `pending` and is tried again; `conflict` for
 * one that must not reach the providers that we have now
 */
export const carryOutAct = (
  deps: Deps,
  {
    actId,
    mayBeDone,
    finish = (tx) => deps.jobs.remove(tx, { kind: 'act', key: String(actId) }),
  }: CarryOut,
): Promise<ActOutcome> =>
  deps.acts.join(actId, async () => {
    const doing = await readDoing(deps, actId);
    if (doing.act.state !== 'pending') return settledOutcome(deps, doing.act);
    try {
      return await settle(deps, doing, await findOut(deps, doing, mayBeDone), finish);
    } catch (cause) {
      const error = toDomainError(cause);
      deps.log.warn({ actId, err: error }, 'act not carried out');
      throw kept(error, doing.act);
    }
  });
