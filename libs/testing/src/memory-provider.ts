import { createHmac, randomUUID } from 'node:crypto';
import {
  Fact,
  ForeignInvoice,
  type ActInput,
  type Money,
  type Observation,
  type OpenInput,
  type PaymentProvider,
  type ProviderCustomer,
  type ProviderDescription,
  type RawWebhook,
} from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { type Clock, systemClock } from '@quittance/runtime';
import { z } from 'zod';
import type { ProviderFault, ProviderUnderTest } from './provider-under-test.ts';

interface Payable {
  ref: string;
  input: OpenInput;
  state: 'draft' | 'awaiting' | 'attempt_failed' | 'uncollectible' | 'canceled' | 'paid';
  paidAt: string | null;
  refunds: Map<string, Money>;
  dispute: 'open' | 'won' | 'lost' | null;
}

const WebhookBody = z.object({
  id: z.string(),
  ref: z.string(),
  at: z.iso.datetime(),
  facts: z.array(Fact),
  aliases: z.array(z.string()).optional(),
  foreign: ForeignInvoice.optional(),
  object: z.record(z.string(), z.unknown()).optional(),
});
type WebhookBody = z.input<typeof WebhookBody>;

const sign = (body: string): string => createHmac('sha256', 'memory').update(body).digest('hex');

const reply = { status: 200, headers: {}, body: '' };

const tooSmall = { status: 400, code: 'amount_too_small', param: 'amount' };
const paid = { status: 400, code: 'invoice_already_paid', param: null };

/** How what is asked for leaves it. */
const stateAfter = ({ state }: Payable, act: ActInput['act']): Payable['state'] => {
  if (state === 'paid')
    throw new DomainError('provider_refused', 'Already paid', { refusal: paid });
  switch (act.kind) {
    case 'cancel':
    case 'void':
      return 'canceled';
    case 'pay': {
      if (act.paymentMethod !== 'declining') return 'paid';
      const refusal = { status: 402, code: 'card_declined', param: null };
      throw new DomainError('provider_refused', 'Your card was declined.', { refusal });
    }
    case 'finalize':
      return 'awaiting';
    case 'send':
      return state;
    case 'mark_uncollectible':
      return 'uncollectible';
  }
};

export interface MemoryProvider extends ProviderUnderTest {
  decline: (ref: string) => Promise<void>;
  /** What a payer's bank does, and how it ends. */
  dispute: (ref: string, state: 'open' | 'won' | 'lost') => Promise<void>;
  /** A signed webhook that says what it is told to. */
  webhook: (body: WebhookBody) => RawWebhook;
  /** Somebody whom the provider knows. */
  addCustomer: (customer: ProviderCustomer) => void;
}

const currencies = { USD: { max: 99_999_999, step: 1 }, KWD: { max: 99_999_999, step: 10 } };

const endless = { expire: false, watchMs: 0, needsProject: false, doubtMs: 0 };

const description: ProviderDescription = {
  provider: 'stripe',
  flows: [
    {
      flow: 'stripe.payment_intent',
      currencies,
      acts: ['cancel'],
      refund: 'partial',
      settledBy: 'policy',
      ...endless,
    },
    {
      flow: 'stripe.invoice',
      currencies,
      acts: ['cancel', 'finalize', 'pay', 'void', 'mark_uncollectible'],
      refund: 'partial',
      settledBy: 'provider',
      ...endless,
    },
  ],
  webhookAuthenticated: true,
  pace: null,
  reachable: true,
};

/** The reference implementation of the port: what a provider does, and nothing else, in memory. */
export const createMemoryProvider = (clock: Clock = systemClock): MemoryProvider => {
  const byKey = new Map<string, Payable>();
  const byRef = new Map<string, Payable>();
  const sent = new Map<string, RawWebhook[]>();
  const customers = new Map<string, ProviderCustomer>();
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

  const webhook = (content: WebhookBody): RawWebhook => {
    const body = JSON.stringify(content);
    return { headers: { 'x-signature': sign(body) }, body };
  };

  const tell = (payable: Payable): Promise<void> => {
    const { ref } = payable;
    const at = new Date(clock()).toISOString();
    const told = webhook({ id: randomUUID(), ref, at, facts: factsOf(payable) });
    sent.set(ref, [...(sent.get(ref) ?? []), told]);
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
      state: input.options.flow === 'stripe.invoice' && input.options.draft ? 'draft' : 'awaiting',
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
    if (fault === 'refused') {
      throw new DomainError('provider_refused', 'The amount is too small', { refusal: tooSmall });
    }
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
    const { id, at, object, ...rest } = WebhookBody.parse(parseJson(body));
    const providerData = object ? JSON.stringify(object) : null;
    const observation = { ...rest, evidenceId: id, occurredAt: at, providerData, raw: body };
    return { observations: [observation], hints: [], reply };
  };

  const provider: PaymentProvider = {
    describe: () => Promise.resolve(description),
    open,
    find: (input) => {
      const payable = input.by === 'ref' ? byRef.get(input.ref) : byKey.get(input.open.key);
      const observations = payable ? [observe(payable, `find:${payable.ref}:${clock()}`)] : [];
      const customerRef = payable ? customerRefOf(payable.input) : null;
      return Promise.resolve({ observations, customerRef });
    },
    act: async ({ ref, key, act }) => {
      await change(ref, stateAfter(get(ref), act));
      return observe(get(ref), `act:${key}`);
    },
    refund,
    customer: async ({ ref }) => {
      const customer = customers.get(ref);
      await Promise.resolve();
      if (customer) return customer;
      throw new DomainError('provider_refused', `No such customer: '${ref}'`, {
        refusal: { status: 404, code: 'resource_missing', param: 'id' },
      });
    },
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
    webhook,
    addCustomer: (customer) => {
      customers.set(customer.ref, customer);
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
