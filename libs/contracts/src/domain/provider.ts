import { z } from 'zod';
import { ProviderActKind } from './act.ts';
import { InvoiceLine } from './invoice-line.ts';
import { StorableText } from './text.ts';

/** Every provider, by name. The one enum that a new adapter adds its name to. */
export const ProviderName = z.enum(['stripe', 'bitsby', 'telegram']);
export type ProviderName = z.infer<typeof ProviderName>;

/** How many hours Bitsby gives a payer: its own choice of them. */
export const TimeToPay = z.union([
  z.literal(0.5),
  z.literal(1),
  z.literal(3),
  z.literal(6),
  z.literal(12),
]);
export type TimeToPay = z.infer<typeof TimeToPay>;

/** How a provider collects, with what that way needs to know beyond the invoice itself. */
export const FlowOptions = z.discriminatedUnion('flow', [
  z.object({ provider: z.literal('stripe'), flow: z.literal('stripe.payment_intent') }),
  z.object({
    provider: z.literal('stripe'),
    flow: z.literal('stripe.invoice'),
    /** The Stripe customer who is billed; null for the user's own. */
    customer: z.string().min(1).max(255).nullable(),
    /** The Stripe payment method that is charged; null for the customer's default. */
    paymentMethod: z.string().min(1).max(255).nullable(),
    lines: z.array(InvoiceLine).min(1).max(250),
    footer: StorableText.max(5000).nullable(),
    /** When it is due, for an invoice that is sent to be paid; null for one that is charged automatically. */
    due: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('days'), days: z.int().min(0).max(3650) }),
        z.object({ kind: z.literal('at'), time: z.iso.datetime() }),
      ])
      .nullable(),
    /** Whether to leave it a draft, which nobody can pay until it is finalized. */
    draft: z.boolean(),
  }),
  z.object({
    provider: z.literal('bitsby'),
    flow: z.literal('bitsby.invoice'),
    timeToPay: TimeToPay,
  }),
  z.object({
    provider: z.literal('telegram'),
    flow: z.literal('telegram.bot_api'),
    /** What the payer sees first. */
    title: StorableText.min(1).max(32),
    /** Whether to make a link of Telegram's own as well, which opens the payment wherever it is. */
    link: z.boolean(),
  }),
  z.object({
    provider: z.literal('telegram'),
    flow: z.literal('telegram.bots_business'),
    /** What the payer sees first. */
    title: StorableText.min(1).max(32),
  }),
]);
export type FlowOptions = z.infer<typeof FlowOptions>;
export type Flow = FlowOptions['flow'];

export const Flow = z.enum(FlowOptions.options.map((option) => option.shape.flow.value));

/** What an amount must satisfy at a provider, in minor units of our own table. */
export const CurrencyLimits = z.object({
  /** One minor unit where absent. */
  min: z.int().positive().optional(),
  max: z.int().positive(),
  /** Amounts must be a multiple of this. */
  step: z.int().positive(),
});

export const FlowDescription = z.object({
  flow: Flow,
  /** Limits by currency; a currency that is not listed cannot be collected. */
  currencies: z.record(z.string(), CurrencyLimits),
  /** What it can be asked for after it was opened. */
  acts: z.array(ProviderActKind),
  refund: z.enum(['none', 'whole', 'partial']),
  /** Who says when the money settles an invoice: the account's policy, or the provider, which keeps its own books. */
  settledBy: z.enum(['policy', 'provider']),
  /** Whether the provider itself ends an invoice at a time we give it. */
  expire: z.boolean(),
  /** How long after its end an invoice can still be paid at the provider, in ms: for so long it is asked about. */
  watchMs: z.int().min(0),
  /** Whether it is collected for a project that the provider knows. */
  needsProject: z.boolean(),
  /** How often to ask about an open invoice, in ms, where that is not left to how far its webhooks can be relied on. */
  pollMs: z.int().positive().optional(),
  /**
   * How long after a try to open an invoice it may still come about, in ms; 0 where a second try with the same key makes
   * no second.
   */
  doubtMs: z.int().min(0),
});

/** How calls to a provider that takes only so many are spaced. */
export const Pace = z.object({
  /** The least time between two calls, in ms. */
  everyMs: z.int().positive(),
  /** How long a call waits for its turn at most, in ms; a call whose turn is later is not made. */
  patienceMs: z.int().min(0),
});
export type Pace = z.infer<typeof Pace>;

/** What a provider can do, as data: the core asks for the capability, never for the name. */
export const ProviderDescription = z.object({
  provider: ProviderName,
  flows: z.array(FlowDescription).min(1),
  /** Whether its webhooks prove where they come from. If not, they are only hints to look. */
  webhookAuthenticated: z.boolean(),
  /** Null where calls need no spacing. */
  pace: Pace.nullable(),
  /** The Telegram bots behind which flow: by their own ids, and those that clients written for another bot say. */
  bots: z.array(z.object({ id: z.string(), flow: Flow })).optional(),
  /** False while nothing is asked of it because it does not answer. */
  reachable: z.boolean(),
});
export type ProviderDescription = z.infer<typeof ProviderDescription>;
