import { randomUUID } from 'node:crypto';
import type {
  CryptoTransfer,
  Fact,
  FindInput,
  FlowOptions,
  Observation,
  OpenInput,
  Pace,
  PaymentProvider,
  ProgressState,
  ProviderDescription,
  RawWebhook,
} from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { type Clock, systemClock } from '@quittance/runtime';
import { z } from 'zod';
import type { ProviderFault } from './provider-under-test.ts';

interface Payment {
  ref: string;
  /** What it is worth, in minor units of the invoice's currency; only a webhook says so. */
  value: number;
  paidAt: string;
}

interface Payable {
  ref: string;
  uid: string;
  input: OpenInput;
  /** UTC ms. */
  endsAt: number;
  isCanceled: boolean;
  payments: Payment[];
}

const Hint = z.object({ ref: z.string(), payment: z.string(), value: z.int() });

const readHint = (body: string): z.infer<typeof Hint> => {
  try {
    return Hint.parse(parseJson(body));
  } catch (cause) {
    throw new DomainError('invalid_request', 'This is no webhook of ours', { cause });
  }
};

type Known = Pick<Extract<FindInput, { by: 'ref' }>, 'object' | 'hints'>;

/** What was seen of an invoice: the values of its payments are not said again. */
const Seen = z.object({ values: z.record(z.string(), z.int()).default({}) });

const reply = { status: 200, headers: {}, body: '' };

const hourMs = 3_600_000;

export interface HintingProviderSettings {
  clock?: Clock;
  pace?: Pace | null;
  /** How long after its end an invoice is asked about, in ms. */
  watchMs?: number;
  /** How long after a try to open an invoice it may still come about, in ms. */
  doubtMs?: number;
  /** For how long it leaves open what a payment is worth that no webhook tells of, in ms. */
  untoldMs?: number;
}

export interface HintingProvider {
  provider: PaymentProvider;
  options: Extract<FlowOptions, { provider: 'bitsby' }>;
  /** Money comes in: as much as is asked for, now, unless it is said otherwise. Also for what has ended. */
  pay: (ref: string, payment?: Partial<Payment>) => Promise<void>;
  /** Somebody ends it at the provider itself. */
  cancel: (ref: string) => Promise<void>;
  /** The webhooks sent so far about a ref, oldest first. */
  webhooks: (ref: string) => Promise<RawWebhook[]>;
  /** Makes the next call that opens something fail; `lost_answer` still opens it. */
  failNextOpen: (fault: ProviderFault) => Promise<void>;
  /** How many invoices the provider holds. */
  openedCount: () => Promise<number>;
  close: () => Promise<void>;
}

const currencies = { USD: { max: 99_999_999, step: 1 }, EUR: { max: 99_999_999, step: 1 } };

const describeWith = ({ pace = null, watchMs = 0, doubtMs = 0 }: HintingProviderSettings) =>
  ({
    provider: 'bitsby',
    flows: [
      {
        flow: 'bitsby.invoice',
        currencies,
        acts: ['cancel'],
        refund: 'none',
        settledBy: 'policy',
        expire: true,
        watchMs,
        needsProject: true,
        doubtMs,
      },
    ],
    webhookAuthenticated: false,
    pace,
    reachable: true,
  }) satisfies ProviderDescription;

const transferOf = ({ ref, value }: Payment): CryptoTransfer => ({
  amount: (value / 100).toFixed(8),
  cryptocurrency: 'usdt',
  blockchain: 'tron',
  hash: `hash_${ref}`,
  wallet: { id: 'wallet_1', name: 'usdt-tron', address: 'T1' },
});

/**
 * The reference implementation of a provider that signs nothing, knows no idempotency, ends its invoices by itself, and
 * says what a payment is worth in a webhook alone; in memory. It is asked at no pace: whoever asks keeps to that.
 */
export const createHintingProvider = (settings: HintingProviderSettings = {}): HintingProvider => {
  const { clock = systemClock, untoldMs = 0 } = settings;
  const byRef = new Map<string, Payable>();
  const sent = new Map<string, RawWebhook[]>();
  let nextFault: ProviderFault | undefined;
  let looks = 0;

  const get = (ref: string): Payable => {
    const payable = byRef.get(ref);
    if (!payable) throw new DomainError('provider_refused', `No such invoice: ${ref}`);
    return payable;
  };

  const stateOf = ({ endsAt, isCanceled, payments }: Payable) => {
    if (payments.length > 0) return 'paid';
    if (isCanceled) return 'canceled';
    return clock() < endsAt ? 'awaiting' : 'expired';
  };

  const factsOf = (payable: Payable, values: Record<string, number>): Fact[] => {
    const { endsAt, payments, input } = payable;
    const state = stateOf(payable);
    const { amount, currency } = input.money;
    const isUntold = ({ ref, paidAt }: Payment): boolean =>
      values[ref] === undefined && clock() < Date.parse(paidAt) + untoldMs;
    const progress = (its: ProgressState): Fact => ({ kind: 'progress', state: its, reason: null });
    const untold = payments.some(isUntold) ? [progress('processing')] : [];
    const told = payments.filter((payment) => !isUntold(payment));
    const said = told.map((payment): Fact => ({
      kind: 'payment',
      ref: payment.ref,
      money: { amount: values[payment.ref] ?? amount, currency },
      paidAt: payment.paidAt,
      payer: null,
      crypto: transferOf(payment),
    }));
    return [
      ...(state === 'paid' ? untold : [progress(state)]),
      { kind: 'ends', time: new Date(endsAt).toISOString() },
      ...said,
    ];
  };

  const valuesOf = ({ payments }: Payable, object: string | null, hints: readonly string[]) => {
    const { values } = Seen.parse(parseJson(object ?? '{}'));
    const told = hints
      .map(readHint)
      .toReversed()
      .filter(({ payment }) => payments.some(({ ref }) => ref === payment))
      .map(({ payment, value }) => [payment, value] as const);
    return { ...values, ...Object.fromEntries(told) };
  };

  const observe = (
    payable: Payable,
    { evidence, object, hints }: { evidence: string } & Known,
  ): Observation => {
    const { ref, uid } = payable;
    const values = valuesOf(payable, object, hints);
    looks += 1;
    return {
      evidenceId: `${evidence}:${ref}:${looks}`,
      ref,
      aliases: [uid],
      occurredAt: new Date(clock()).toISOString(),
      facts: factsOf(payable, values),
      providerData: JSON.stringify({ ref, uid, state: stateOf(payable), values }),
      raw: null,
    };
  };

  const takeFault = (): ProviderFault | undefined => {
    const fault = nextFault;
    nextFault = undefined;
    return fault;
  };

  const make = (input: OpenInput): Payable => {
    if (input.options.provider !== 'bitsby') throw new Error(`No ${input.options.flow} here`);
    const number = byRef.size + 1;
    const payable: Payable = {
      ref: `hint_${number}`,
      uid: `uid_${number}`,
      input,
      endsAt: clock() + input.options.timeToPay * hourMs,
      isCanceled: false,
      payments: [],
    };
    byRef.set(payable.ref, payable);
    return payable;
  };

  const unseen: Known = { object: null, hints: [] };

  const open: PaymentProvider['open'] = async (input) => {
    const fault = takeFault();
    if (input.projectRef === null) throw new DomainError('provider_refused', 'No such project');
    if (fault === 'refused') throw new DomainError('provider_refused', 'The balance is negative');
    if (fault === 'unavailable') throw new DomainError('unavailable', 'The provider is down');
    const payable = make(input);
    if (fault === 'lost_answer') throw new DomainError('outcome_unknown', 'No answer');
    await Promise.resolve();
    return { observation: observe(payable, { evidence: 'open', ...unseen }), customerRef: null };
  };

  const findOpened = ({ key, projectRef }: OpenInput): Payable | undefined =>
    [...byRef.values()].find(({ input }) => input.key === key && input.projectRef === projectRef);

  const find: PaymentProvider['find'] = (input) => {
    const payable = input.by === 'ref' ? byRef.get(input.ref) : findOpened(input.open);
    const known = input.by === 'ref' ? input : unseen;
    const observations = payable ? [observe(payable, { evidence: 'find', ...known })] : [];
    return Promise.resolve({ observations, customerRef: null });
  };

  const act: PaymentProvider['act'] = async ({ ref, object }) => {
    const payable = get(ref);
    await Promise.resolve();
    if (payable.payments.length > 0) throw new DomainError('provider_refused', 'It is paid');
    payable.isCanceled = true;
    return observe(payable, { evidence: 'act', object, hints: [] });
  };

  const tell = (ref: string, { ref: payment, value }: Payment): void => {
    const body = JSON.stringify({ ref, payment, value });
    sent.set(ref, [...(sent.get(ref) ?? []), { headers: {}, body }]);
  };

  return {
    provider: {
      describe: () => Promise.resolve(describeWith(settings)),
      open,
      find,
      act,
      refund: () => Promise.reject(new DomainError('provider_refused', 'It gives no money back')),
      customer: ({ ref }) =>
        Promise.reject(
          new DomainError('provider_refused', `No such customer: '${ref}'`, {
            refusal: { status: 404, code: 'resource_missing', param: 'id' },
          }),
        ),
      receive: async ({ body }) => {
        await Promise.resolve();
        const { ref, payment } = readHint(body);
        return { observations: [], hints: [{ ref, payment }], reply };
      },
    },
    options: { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 1 },
    pay: (ref, change = {}) => {
      const payable = get(ref);
      const { amount } = payable.input.money;
      const paidAt = new Date(clock()).toISOString();
      const payment = { ref: randomUUID(), value: amount, paidAt, ...change };
      payable.payments.push(payment);
      tell(ref, payment);
      return Promise.resolve();
    },
    cancel: (ref) => {
      get(ref).isCanceled = true;
      return Promise.resolve();
    },
    webhooks: (ref) => Promise.resolve(sent.get(ref) ?? []),
    failNextOpen: (fault) => {
      nextFault = fault;
      return Promise.resolve();
    },
    openedCount: () => Promise.resolve(byRef.size),
    close: () => Promise.resolve(),
  };
};
