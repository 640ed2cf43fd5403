import {
  FlowOptions,
  type FindResult,
  type Observation,
  type OpenInput,
  type OpenResult,
} from '@quittance/contracts';
import { DomainError, parseJson, toDomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { readInvoice } from './invoice-rows.ts';
import { keepOutcome, type Outcome } from './outcome.ts';
import { claimObservations, type EvidenceSource, storeObservation } from './observations.ts';
import { restate } from './restate.ts';

/** Row by row: SQLite plans a join anew each time that it is run, which costs ten times as much. */
const readOpenInput = async (tx: Transaction, invoiceId: number): Promise<OpenInput> => {
  const row = await tx
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const user = await tx
    .selectFrom('users')
    .select(['id', 'public_id', 'name', 'email'])
    .where('id', '=', row.user_id)
    .executeTakeFirstOrThrow();
  const customer = await tx
    .selectFrom('customers')
    .select('ref')
    .where('user_id', '=', user.id)
    .where('provider', '=', row.provider)
    .executeTakeFirst();
  return {
    key: `quittance-invoice-${row.public_id}`,
    invoiceId,
    createdAt: new Date(row.created_at).toISOString(),
    money: { amount: row.amount, currency: row.currency },
    description: row.description,
    options: FlowOptions.parse(parseJson(row.options)),
    customer: {
      ref: customer?.ref ?? null,
      userId: user.id,
      key: user.public_id,
      name: user.name,
      email: user.email,
    },
  };
};

interface Answer {
  observation: Observation;
  customerRef: string | null;
  source: EvidenceSource;
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

const refusal = (input: OpenInput, message: string, now: number): Observation => ({
  evidenceId: `refused:${input.key}`,
  ref: null,
  occurredAt: new Date(now).toISOString(),
  facts: [{ kind: 'progress', state: 'refused', reason: message }],
  providerData: null,
  raw: message,
});

const askProvider = async (
  { providers }: Pick<Deps, 'providers'>,
  input: OpenInput,
  mayBeOpen: boolean,
): Promise<Answer> => {
  const provider = providers[input.options.provider];
  const found = mayBeOpen ? fromFound(await provider.find({ by: 'open', open: input })) : undefined;
  return found ?? fromOpened(await provider.open(input));
};

/** The second transaction of a create: the evidence, the status and events that follow, and the client's answer. */
const settle = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  input: OpenInput,
  { observation, customerRef, source }: Answer,
): Promise<Outcome> =>
  store.write(async (tx) => {
    const { invoiceId, options, customer } = input;
    const { provider } = options;
    const now = clock();
    if (customerRef !== null && customerRef !== customer.ref) {
      await tx
        .insertInto('customers')
        .values({ user_id: customer.userId, provider, ref: customerRef })
        .onConflict((conflict) =>
          conflict.columns(['user_id', 'provider']).doUpdateSet({ ref: customerRef }),
        )
        .execute();
    }
    const recorded = { provider, observation, source, invoiceId, now };
    const observationId = await storeObservation(tx, recorded);
    const { ref } = observation;
    if (ref !== null) await claimObservations(tx, { provider, ref, invoiceId });
    await restate(tx, { invoiceId, cause: { observationId }, opening: ref, now });

    const invoice = await readInvoice(tx, invoiceId);
    const outcome: Outcome =
      invoice.status === 'failed'
        ? { ok: false, message: invoice.statusReason ?? 'The provider refused' }
        : { ok: true, invoice };
    await keepOutcome(tx, `invoice:${invoiceId}`, outcome);
    return outcome;
  });

const maxDelayMs = 60_000;

const tryLater = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  invoiceId: number,
): Promise<unknown> =>
  store.write(async (tx) => {
    const { attempts } = await tx
      .selectFrom('invoices')
      .select('open_attempts as attempts')
      .where('id', '=', invoiceId)
      .executeTakeFirstOrThrow();
    const delay = Math.min(maxDelayMs, 1000 * 2 ** Math.min(attempts, 10));
    const jittered = delay * (0.5 + Math.random() / 2);
    await tx
      .updateTable('invoices')
      .set({ open_attempts: attempts + 1, open_due_at: Math.round(clock() + jittered) })
      .where('id', '=', invoiceId)
      .execute();
  });

const toOpenError = (error: DomainError, invoiceId: number): DomainError =>
  error.code === 'unavailable'
    ? new DomainError(
        'unavailable',
        `${error.message}; invoice ${invoiceId} is kept and will be opened when it can be`,
        { cause: error },
      )
    : new DomainError(
        'outcome_unknown',
        `It is not known yet whether invoice ${invoiceId} was opened; it is kept and being found out`,
        { cause: error },
      );

/**
 * Makes a stored invoice payable at its provider and records what came of it.
 *
 * `mayBeOpen` says that an earlier attempt may have got through: then the provider is asked first, and opened with the
 * same key only if it knows nothing.
 * @throws DomainError `unavailable` or `outcome_unknown`; the invoice stays `creating` and is tried again later
 */
export const openInvoice = async (
  deps: Deps,
  { invoiceId, mayBeOpen }: { invoiceId: number; mayBeOpen: boolean },
): Promise<Outcome> =>
  deps.openings.join(invoiceId, async () => {
    const input = await readOpenInput(deps.store.read, invoiceId);
    let answer: Answer;
    try {
      answer = await askProvider(deps, input, mayBeOpen);
    } catch (cause) {
      const error = toDomainError(cause);
      if (error.code !== 'provider_refused') {
        deps.log.warn({ invoiceId, err: error }, 'invoice not opened');
        await tryLater(deps, invoiceId);
        throw toOpenError(error, invoiceId);
      }
      const observation = refusal(input, error.message, deps.clock());
      answer = { observation, customerRef: null, source: 'open' };
    }
    return settle(deps, input, answer);
  });
