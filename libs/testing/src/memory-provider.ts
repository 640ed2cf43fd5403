import { createHmac, randomUUID } from 'node:crypto';
import type {
  Fact,
  Money,
  Observation,
  OpenInput,
  PaymentProvider,
  RawWebhook,
} from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { type Clock, systemClock } from '@quittance/runtime';
import { z } from 'zod';
import type { ProviderFault, ProviderUnderTest } from './provider-under-test.ts';

interface Payable {
  ref: string;
  input: OpenInput;
  state: 'awaiting' | 'attempt_failed' | 'canceled' | 'paid';
  paidAt: string | null;
  refunds: Map<string, Money>;
  dispute: 'open' | 'won' | 'lost' | null;
}

const WebhookBody = z.object({
  id: z.string(),
  ref: z.string(),
  at: z.iso.datetime(),
  facts: z.custom<Fact[]>(Array.isArray),
});

const sign = (body: string): string => createHmac('sha256', 'memory').update(body).digest('hex');

const reply = { status: 200, headers: {}, body: '' };

export interface MemoryProvider extends ProviderUnderTest {
  /** What a payer's bank does, and how it ends. */
  dispute: (ref: string, state: 'open' | 'won' | 'lost') => Promise<void>;
}

/** The reference implementation of the port: what a provider does, and nothing else, in memory. */
export const createMemoryProvider = (clock: Clock = systemClock): MemoryProvider => {
  const byKey = new Map<string, Payable>();
  const byRef = new Map<string, Payable>();
  const sent = new Map<string, RawWebhook[]>();
  let nextFault: ProviderFault | undefined;

  const get = (ref: string): Payable => {
    const payable = byRef.get(ref);
    if (!payable) throw new DomainError('provider_refused', `No such payable: ${ref}`);
    return payable;
  };

  const factsOf = ({ ref, input, state, refunds, paidAt, dispute }: Payable): Fact[] => {
    if (state !== 'paid') {
      const reason = state === 'attempt_failed' ? 'Declined' : null;
      return [{ kind: 'progress', state, reason }];
    }
    const refunded = [...refunds].map(([key, money]): Fact => ({
      kind: 'refund',
      ref: key,
      money,
      state: 'succeeded',
    }));
    const payment = { ref, money: input.money, paidAt, payer: 'payer_1' };
    const disputed: Fact[] =
      dispute === null
        ? []
        : [{ kind: 'dispute', ref: `dispute_${ref}`, money: input.money, state: dispute }];
    return [{ kind: 'payment', ...payment }, ...refunded, ...disputed];
  };

  const observe = (payable: Payable, evidenceId: string): Observation => ({
    evidenceId,
    ref: payable.ref,
    occurredAt: new Date(clock()).toISOString(),
    facts: factsOf(payable),
    providerData: JSON.stringify({ ref: payable.ref, state: payable.state }),
    raw: null,
  });

  const tell = (payable: Payable): Promise<void> => {
    const { ref } = payable;
    const at = new Date(clock()).toISOString();
    const body = JSON.stringify({ id: randomUUID(), ref, at, facts: factsOf(payable) });
    sent.set(ref, [...(sent.get(ref) ?? []), { headers: { 'x-signature': sign(body) }, body }]);
    return Promise.resolve();
  };

  const change = (ref: string, state: Payable['state']): Promise<void> => {
    const payable = get(ref);
    payable.state = state;
    if (state === 'paid') payable.paidAt = new Date(clock()).toISOString();
    return tell(payable);
  };

  const customerRefOf = ({ customer }: OpenInput): string => customer.ref ?? `cus_${customer.key}`;

  const openOnce = (input: OpenInput): Payable => {
    const known = byKey.get(input.key);
    if (known) return known;
    const ref = `mem_${byKey.size + 1}`;
    const payable: Payable = {
      ref,
      input,
      state: 'awaiting',
      paidAt: null,
      refunds: new Map(),
      dispute: null,
    };
    byKey.set(input.key, payable);
    byRef.set(ref, payable);
    return payable;
  };

  const takeFault = (): ProviderFault | undefined => {
    const fault = nextFault;
    nextFault = undefined;
    return fault;
  };

  const open: PaymentProvider['open'] = async (input) => {
    const fault = takeFault();
    if (fault === 'refused') throw new DomainError('provider_refused', 'The amount is too small');
    if (fault === 'unavailable') throw new DomainError('unavailable', 'The provider is down');
    const payable = openOnce(input);
    if (fault === 'lost_answer') throw new DomainError('outcome_unknown', 'No answer');
    await Promise.resolve();
    return {
      observation: observe(payable, `open:${payable.ref}`),
      customerRef: customerRefOf(input),
    };
  };

  const refund: PaymentProvider['refund'] = async ({ ref, key, money }) => {
    const payable = get(ref);
    const others = [...payable.refunds].filter(([known]) => known !== key);
    const total = others.reduce((sum, [, { amount }]) => sum + amount, money.amount);
    if (payable.state !== 'paid' || total > payable.input.money.amount) {
      throw new DomainError('provider_refused', 'More than was received');
    }
    payable.refunds.set(key, money);
    await Promise.resolve();
    return observe(payable, `refund:${key}`);
  };

  const receive: PaymentProvider['receive'] = async ({ headers, body }) => {
    await Promise.resolve();
    if (headers['x-signature'] !== sign(body)) {
      throw new DomainError('unauthenticated', 'The signature does not match');
    }
    const { id, ref, at, facts } = WebhookBody.parse(parseJson(body));
    const observation = { evidenceId: id, ref, occurredAt: at, facts, providerData: null };
    return { observations: [{ ...observation, raw: body }], reply };
  };

  const provider: PaymentProvider = {
    describe: () =>
      Promise.resolve({
        provider: 'stripe',
        flows: [
          {
            flow: 'stripe.payment_intent',
            currencies: { USD: { max: 99_999_999, step: 1 }, KWD: { max: 99_999_999, step: 10 } },
            cancel: true,
            refund: 'partial',
            expire: false,
          },
        ],
        webhookAuthenticated: true,
      }),
    open,
    find: (input) => {
      const payable = input.by === 'ref' ? byRef.get(input.ref) : byKey.get(input.open.key);
      const observations = payable ? [observe(payable, `find:${payable.ref}:${clock()}`)] : [];
      const customerRef = payable ? customerRefOf(payable.input) : null;
      return Promise.resolve({ observations, customerRef });
    },
    cancel: async ({ ref }) => {
      if (get(ref).state === 'paid') throw new DomainError('provider_refused', 'Already paid');
      await change(ref, 'canceled');
      return observe(get(ref), `cancel:${ref}`);
    },
    refund,
    receive,
  };

  return {
    provider,
    options: { provider: 'stripe', flow: 'stripe.payment_intent' },
    pay: (ref) => change(ref, 'paid'),
    decline: (ref) => change(ref, 'attempt_failed'),
    dispute: (ref, state) => {
      const payable = get(ref);
      payable.dispute = state;
      return tell(payable);
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
