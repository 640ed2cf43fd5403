import {
  type EvidenceSource,
  FlowOptions,
  type FindResult,
  type Invoice,
  type Observation,
  type OpenInput,
  type OpenResult,
} from '@quittance/contracts';
import { DomainError, parseJson, type Refusal, toDomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { readProjectRef } from '../projects/project-of-invoice.ts';
import type { Transaction } from '../store/store.ts';
import { readInvoice } from './invoice-rows.ts';
import { keepOutcome } from './idempotency.ts';
import type { Outcome } from './outcome.ts';
import { nextPollAt } from './poll-times.ts';
import { closeAtProvider } from './expire-invoice.ts';
import { learnRef, storeObservation } from './observations.ts';
import {
  assertNotInDoubt,
  beginTry,
  didNothing,
  forgetIfNothing,
  type OpenTry,
} from './open-tries.ts';
import { providerNamed } from './provider-catalog.ts';
import { restate } from './restate.ts';
import { type Abilities, takeInWaiting } from './take-in-invoice.ts';
import { assertOfThisWorld } from './world.ts';

interface Opening {
  input: OpenInput;
  last: OpenTry;
}

/** Row by row: SQLite plans a join anew each time that it is run, which costs ten times as much. */
const readOpening = async (
  { store: { read }, sandbox }: Pick<Deps, 'store' | 'sandbox'>,
  { invoiceId, mayBeOpen }: Pick<OpenInvoice, 'invoiceId' | 'mayBeOpen'>,
): Promise<Opening> => {
  const row = await read
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  assertOfThisWorld({ sandbox }, row);
  const user = await read
    .selectFrom('users')
    .select(['id', 'public_id', 'name', 'email'])
    .where('id', '=', row.user_id)
    .executeTakeFirstOrThrow();
  const customer = await read
    .selectFrom('customers')
    .select('ref')
    .where('user_id', '=', user.id)
    .where('provider', '=', row.provider)
    .where('in_use', '=', 1)
    .executeTakeFirst();
  const input: OpenInput = {
    key: `quittance-invoice-${row.public_id}`,
    invoiceId,
    createdAt: new Date(row.created_at).toISOString(),
    mayBeOpen,
    money: { amount: row.asked_amount, currency: row.currency },
    description: row.description,
    payload: row.payload,
    projectRef: await readProjectRef(read, {
      projectId: row.project_id,
      provider: row.provider,
    }),
    options: FlowOptions.parse(parseJson(row.options ?? 'null')),
    customer: {
      ref: customer?.ref ?? null,
      userId: user.id,
      key: user.public_id,
      name: user.name,
      email: user.email,
    },
  };
  return { input, last: { invoiceId, triedAt: row.open_tried_at } };
};

interface Answer {
  observation: Observation;
  customerRef: string | null;
  source: EvidenceSource;
  refusal?: Refusal | undefined;
}

const fromFound = ({ observations, customerRef }: FindResult): Answer | undefined => {
  const observation = observations.find(({ ref }) => ref !== null);
  return observation && { observation, customerRef, source: 'find' };
};

const fromOpened = ({ observation, customerRef }: OpenResult): Answer => ({
  observation,
  customerRef,
  source: 'open',
});

const refusal = (
  input: OpenInput,
  { message, refusal: raw }: DomainError,
  now: number,
): Observation => ({
  evidenceId: `refused:${input.key}`,
  ref: null,
  occurredAt: new Date(now).toISOString(),
  facts: [{ kind: 'progress', state: 'refused', reason: message }],
  providerData: null,
  raw: JSON.stringify({ message, ...raw }),
});

/** Only the answer to `open` itself can be a refusal; whatever else goes wrong leaves the outcome as it is. */
const open = async ({ providers, clock }: Deps, input: OpenInput): Promise<Answer> => {
  try {
    return fromOpened(await providerNamed(providers, input.options.provider).open(input));
  } catch (cause) {
    const error = toDomainError(cause);
    if (error.code !== 'provider_refused') throw error;
    const observation = refusal(input, error, clock());
    return { observation, customerRef: null, source: 'open', refusal: error.refusal };
  }
};

const tryToOpen = async (deps: Deps, { input, last }: Opening): Promise<Answer> => {
  try {
    return await open(deps, input);
  } catch (error) {
    await forgetIfNothing(deps, last, error);
    throw error;
  }
};

const findOrOpen = async (deps: Deps, { input, last }: Opening): Promise<Answer> => {
  const { doubtMs } = await deps.catalog.abilityFor(input.options);
  const lookedAt = deps.clock();
  const provider = providerNamed(deps.providers, input.options.provider);
  const found = fromFound(await provider.find({ by: 'open', open: input }));
  if (found) return found;
  if (doubtMs === 0) return open(deps, input);
  assertNotInDoubt(deps, last, { doubtMs, lookedAt });
  return tryToOpen(deps, { input, last: await beginTry(deps, last) });
};

/** Remembers who the user is at the provider, and takes in what was made there for that customer before. */
const rememberCustomer = async (
  deps: Deps,
  tx: Transaction,
  {
    input: { customer, options },
    ref,
    abilities,
    now,
  }: { input: OpenInput; ref: string | null; abilities: Abilities; now: number },
): Promise<void> => {
  if (ref === null || ref === customer.ref) return;
  const { provider } = options;
  const { userId } = customer;
  await tx
    .updateTable('customers')
    .set({ in_use: 0 })
    .where('user_id', '=', userId)
    .where('provider', '=', provider)
    .execute();
  await tx
    .insertInto('customers')
    .values({ user_id: userId, provider, ref, in_use: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['provider', 'ref'])
        .doUpdateSet({ in_use: 1 })
        .where('customers.user_id', '=', userId),
    )
    .execute();
  await takeInWaiting(deps, tx, { provider, customerRef: ref, abilities, now });
};

/** The second transaction of a create: the evidence, what follows from it, and the client's answer. */
const settle = async (
  deps: Deps,
  input: OpenInput,
  { observation, customerRef, source, refusal: refused }: Answer,
  finish: (tx: Transaction) => Promise<void>,
): Promise<Outcome<Invoice>> => {
  const { invoiceId, options } = input;
  const { provider } = options;
  const ability = await deps.catalog.abilityFor(options);
  const abilities = await deps.catalog.abilitiesOf(provider);
  return deps.store.write(async (tx) => {
    const now = deps.clock();
    await rememberCustomer(deps, tx, { input, ref: customerRef, abilities, now });
    const recorded = { provider, observation, source, invoiceId, now };
    const observationId = await storeObservation(tx, recorded);
    const { ref } = observation;
    if (ref !== null) await learnRef(tx, { provider, ref, invoiceId, now });
    await restate(deps, tx, { invoiceId, cause: { observationId }, opening: ref, now });
    await closeAtProvider(deps, tx, { invoiceId, ability, now });

    const invoice = await readInvoice(tx, invoiceId);
    const job = { key: String(invoiceId), payload: { invoiceId } };
    if (ref === null) {
      await deps.jobs.remove(tx, { kind: 'expire', key: job.key });
    } else {
      const runAt = nextPollAt(ability, { since: now, now });
      await deps.jobs.schedule(tx, { kind: 'poll', ...job, runAt });
    }
    const outcome: Outcome<Invoice> =
      invoice.status === 'failed'
        ? {
            ok: false,
            code: 'provider_refused',
            message: invoice.statusReason ?? 'The provider refused',
            ...(refused && { refusal: refused }),
          }
        : { ok: true, value: invoice };
    await keepOutcome(tx, `invoice:${invoiceId}`, outcome);
    await finish(tx);
    return outcome;
  });
};

const toOpenError = (error: DomainError, invoiceId: number): DomainError =>
  didNothing(error)
    ? new DomainError(
        'unavailable',
        `${error.message}; invoice ${invoiceId} is kept and will be opened when it can be`,
        { cause: error, retryAfterMs: error.retryAfterMs },
      )
    : new DomainError(
        'outcome_unknown',
        `It is not known yet whether invoice ${invoiceId} was opened; it is kept and being found out`,
        { cause: error, retryAfterMs: error.retryAfterMs },
      );

interface OpenInvoice {
  invoiceId: number;
  /** Whether an earlier attempt may have got through. */
  mayBeOpen: boolean;
  /** Ends the job behind it in the same transaction. */
  finish?: (tx: Transaction) => Promise<void>;
}

/**
 * Makes a stored invoice payable at its provider and records what came of it.
 *
 * Where an earlier attempt may have got through, the provider is asked first, and opened with the same key only if it
 * knows nothing; where it knows no keys, only when nothing can come of earlier attempts any more.
 * @throws DomainError `unavailable` or `outcome_unknown`: the invoice stays `creating` and is tried again later;
 * `conflict` for one that was made in the sandbox when the hub is not one now, or the other way round
 */
export const openInvoice = async (
  deps: Deps,
  {
    invoiceId,
    mayBeOpen,
    finish = (tx) => deps.jobs.remove(tx, { kind: 'open', key: String(invoiceId) }),
  }: OpenInvoice,
): Promise<Outcome<Invoice>> =>
  deps.openings.join(invoiceId, async () => {
    try {
      const opening = await readOpening(deps, { invoiceId, mayBeOpen });
      const answer = await (mayBeOpen ? findOrOpen : tryToOpen)(deps, opening);
      return await settle(deps, opening.input, answer, finish);
    } catch (cause) {
      const error = toDomainError(cause);
      if (error.code === 'conflict') throw error;
      deps.log.warn({ invoiceId, err: error }, 'invoice not opened');
      throw toOpenError(error, invoiceId);
    }
  });
