import { createHash } from 'node:crypto';
import {
  type Fact,
  type FlowOptions,
  Money,
  type Observation,
  type OpenInput,
  type PaymentProvider,
  type RawWebhook,
  type WebhookReply,
} from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { type Clock, systemClock } from '@quittance/runtime';
import { z } from 'zod';
import { describeAsking } from './asking-description.ts';
import type { ProviderFault } from './provider-under-test.ts';

/** What the provider sends. An `ask` wants to know whether somebody may pay; a `hint` may be about anything. */
const Update = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ask'),
    id: z.string(),
    ref: z.string(),
    money: Money,
    payer: z.string(),
  }),
  z.object({
    kind: z.literal('paid'),
    ref: z.string(),
    charge: z.string(),
    money: Money,
    payer: z.string(),
    at: z.iso.datetime(),
  }),
  z.object({ kind: z.literal('hint'), ref: z.string().optional() }),
]);
type Update = z.infer<typeof Update>;
type Question = Omit<Extract<Update, { kind: 'ask' }>, 'kind'>;
type Charge = Omit<Extract<Update, { kind: 'paid' }>, 'kind' | 'ref'>;

interface Payable {
  ref: string;
  input: OpenInput;
  charges: Charge[];
  refunded: Set<string>;
}

const secret = { 'x-secret': 'told by the provider' };
const hintToken = 'an-end-of-a-url';

const said = (body: string): WebhookReply => ({ status: 200, headers: {}, body });

const read = (body: string): Update => {
  try {
    return Update.parse(parseJson(body));
  } catch (cause) {
    throw new DomainError('invalid_request', 'This is no webhook of ours', { cause });
  }
};

/** Each says what it is, so that tests can tell which was given. */
const replies = {
  accept: said('accept'),
  refuse: {
    unknown: said('unknown'),
    paid: said('paid'),
    expired: said('expired'),
    canceled: said('canceled'),
    not_payable: said('not_payable'),
    other_amount: said('other_amount'),
    being_paid: said('being_paid'),
  },
};

export interface AskingProviderSettings {
  clock?: Clock;
  /** What `options` is of. */
  flow?: 'telegram.bot_api' | 'telegram.bots_business';
  /** How long after its end an invoice is asked about, in ms. */
  watchMs?: number;
}

export interface AskingProvider {
  provider: PaymentProvider;
  options: Extract<FlowOptions, { provider: 'telegram' }>;
  currency: string;
  /** The end of the URL that what proves nothing but where it comes from comes to. */
  webhookToken: string;
  /** Whether to let a payment through: for what the invoice asks for, unless it is said otherwise. */
  ask: (ref: string, question?: Partial<Question>) => RawWebhook;
  /** Money comes in: as much as is asked for, now, unless it is said otherwise; whether or not anybody was asked. */
  pay: (ref: string, charge?: Partial<Charge>) => Promise<void>;
  /** Says that somebody was paid, and maybe for what. */
  hint: (ref?: string) => RawWebhook;
  /** The webhooks sent so far about a ref, oldest first. */
  webhooks: (ref: string) => Promise<RawWebhook[]>;
  /** Makes the next call that opens something fail; `lost_answer` still opens it. */
  failNextOpen: (fault: ProviderFault) => Promise<void>;
  /** How many invoices the provider holds. */
  openedCount: () => Promise<number>;
  close: () => Promise<void>;
}

const paymentOf = ({ charge, money, payer, at }: Charge): Fact => ({
  kind: 'payment',
  ref: charge,
  money,
  paidAt: at,
  payer,
});

const refundOf = ({ charge, money }: Charge): Fact => ({
  kind: 'refund',
  ref: `refund:${charge}`,
  money,
  state: 'succeeded',
});

/**
 * The reference implementation of a provider that asks before it takes money, ends nothing, gives payments back whole, and
 * has a second way to be paid of which it says only that somebody was paid; in memory.
 */
export const createAskingProvider = (settings: AskingProviderSettings = {}): AskingProvider => {
  const { clock = systemClock, flow = 'telegram.bot_api', watchMs = 0 } = settings;
  const byRef = new Map<string, Payable>();
  const sent = new Map<string, RawWebhook[]>();
  let nextFault: ProviderFault | undefined;
  let charges = 0;
  const iso = (): string => new Date(clock()).toISOString();

  const get = (ref: string): Payable => {
    const payable = byRef.get(ref);
    if (!payable) throw new DomainError('provider_refused', `No such invoice: ${ref}`);
    return payable;
  };

  const observe = (
    ref: string,
    { evidenceId, at, ...rest }: Pick<Observation, 'evidenceId' | 'facts' | 'raw'> & { at: string },
  ): Observation => ({ evidenceId, ref, occurredAt: at, providerData: null, ...rest });

  const opened = ({ ref, input }: Payable): Observation => ({
    ...observe(ref, {
      evidenceId: `open:${ref}`,
      at: input.createdAt,
      facts: [{ kind: 'progress', state: 'awaiting', reason: null }],
      raw: null,
    }),
    providerData: JSON.stringify({ invoiceId: ref }),
  });

  const charged = (ref: string, charge: Charge, raw: string): Observation =>
    observe(ref, { evidenceId: charge.charge, at: charge.at, facts: [paymentOf(charge)], raw });

  const givenBack = (ref: string, charge: Charge): Observation =>
    observe(ref, {
      evidenceId: `refund:${charge.charge}`,
      at: iso(),
      facts: [refundOf(charge)],
      raw: null,
    });

  /** One by one, under the ids that webhooks have for it. */
  const movements = ({ ref, charges: all, refunded }: Payable): Observation[] =>
    all.flatMap((charge) => [
      charged(ref, charge, JSON.stringify(charge)),
      ...(refunded.has(charge.charge) ? [givenBack(ref, charge)] : []),
    ]);

  /** The same opens the same: its ref is made of the key. */
  const openOnce = (input: OpenInput): Payable => {
    const digits = createHash('sha256').update(input.key).digest('hex').slice(0, 16).toUpperCase();
    const ref = `invoice-${digits}`;
    const payable = byRef.get(ref) ?? { ref, input, charges: [], refunded: new Set() };
    byRef.set(ref, payable);
    return payable;
  };

  const send = (update: Update): RawWebhook => ({
    headers: { ...secret },
    body: JSON.stringify(update),
  });

  const hint = (ref?: string): RawWebhook => ({
    headers: {},
    token: hintToken,
    body: JSON.stringify({ kind: 'hint', ...(ref !== undefined && { ref }), at: iso() }),
  });

  const open: PaymentProvider['open'] = async (input) => {
    const fault = nextFault;
    nextFault = undefined;
    if (fault === 'refused') throw new DomainError('provider_refused', 'The bot was blocked');
    if (fault === 'unavailable') throw new DomainError('unavailable', 'The provider is down');
    const payable = openOnce(input);
    if (fault === 'lost_answer') throw new DomainError('outcome_unknown', 'No answer');
    await Promise.resolve();
    return { observation: opened(payable), customerRef: null };
  };

  const find: PaymentProvider['find'] = (input) => {
    const payable = input.by === 'ref' ? byRef.get(input.ref) : undefined;
    const moved = payable ? movements(payable) : [];
    const observations = payable && moved.length === 0 ? [opened(payable)] : moved;
    return Promise.resolve({ observations, customerRef: null });
  };

  const refund: PaymentProvider['refund'] = async ({ ref, payment, money }) => {
    const payable = get(ref);
    const charge = payable.charges.find((one) => one.charge === payment?.ref);
    await Promise.resolve();
    if (!charge || charge.payer !== payment?.payer || charge.money.amount !== money.amount) {
      throw new DomainError('provider_refused', 'It gives whole payments back, to who paid them');
    }
    payable.refunded.add(charge.charge);
    return givenBack(ref, charge);
  };

  const receive: PaymentProvider['receive'] = async ({ headers, token, body }) => {
    await Promise.resolve();
    const isHinting = token === hintToken;
    if (!isHinting && headers['x-secret'] !== secret['x-secret']) {
      throw new DomainError('unauthenticated', 'It does not say where it comes from');
    }
    const update = read(body);
    const nothing = { observations: [], hints: [], reply: said('') };
    switch (update.kind) {
      case 'ask':
        return { ...nothing, ask: { ...update, replies } };
      case 'paid': {
        const { ref, ...charge } = update;
        return { ...nothing, observations: [charged(ref, charge, body)] };
      }
      case 'hint': {
        const { ref } = update;
        const about =
          ref === undefined ? { flow: 'telegram.bots_business' as const } : { ref, payment: null };
        return { ...nothing, hints: [about] };
      }
    }
  };

  return {
    provider: {
      describe: () => Promise.resolve(describeAsking(watchMs)),
      open,
      find,
      act: () => Promise.reject(new DomainError('provider_refused', 'It ends nothing')),
      refund,
      customer: () => Promise.reject(new DomainError('provider_refused', 'It knows nobody')),
      receive,
    },
    options:
      flow === 'telegram.bot_api'
        ? { provider: 'telegram', flow, title: 'Tea', link: false }
        : { provider: 'telegram', flow, title: 'Tea' },
    currency: flow === 'telegram.bot_api' ? 'XTR' : 'BBP',
    webhookToken: hintToken,
    ask: (ref, change = {}) => {
      const { money } = get(ref).input;
      return send({ kind: 'ask', id: 'question_1', ref, money, payer: 'grace', ...change });
    },
    pay: (ref, change = {}) => {
      const payable = get(ref);
      charges += 1;
      const { money } = payable.input;
      const charge = { charge: `charge_${charges}`, money, payer: 'grace', at: iso(), ...change };
      payable.charges.push(charge);
      const isBot = payable.input.options.flow === 'telegram.bot_api';
      const told = isBot ? send({ kind: 'paid', ref, ...charge }) : hint(ref);
      sent.set(ref, [...(sent.get(ref) ?? []), told]);
      return Promise.resolve();
    },
    hint,
    webhooks: (ref) => Promise.resolve(sent.get(ref) ?? []),
    failNextOpen: (fault) => {
      nextFault = fault;
      return Promise.resolve();
    },
    openedCount: () => Promise.resolve(byRef.size),
    close: () => Promise.resolve(),
  };
};
