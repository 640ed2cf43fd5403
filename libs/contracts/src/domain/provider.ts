import { z } from 'zod';
import { ProviderActKind } from './act.ts';
import { InvoiceLine } from './invoice-line.ts';
import { StorableText } from './text.ts';

/** Every provider, by name. The one enum that a new adapter adds its name to. */
export const ProviderName = z.enum(['stripe']);
export type ProviderName = z.infer<typeof ProviderName>;

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
]);
export type FlowOptions = z.infer<typeof FlowOptions>;
export type Flow = FlowOptions['flow'];

export const Flow = z.enum(FlowOptions.options.map((option) => option.shape.flow.value));

/** What an amount must satisfy at a provider, in minor units of our own table. */
export const CurrencyLimits = z.object({
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
});

/** What a provider can do, as data: the core asks for the capability, never for the name. */
export const ProviderDescription = z.object({
  provider: ProviderName,
  flows: z.array(FlowDescription).min(1),
  /** Whether its webhooks prove where they come from. If not, they are only hints to look. */
  webhookAuthenticated: z.boolean(),
  /** False while nothing is asked of it because it does not answer. */
  reachable: z.boolean(),
});
export type ProviderDescription = z.infer<typeof ProviderDescription>;
