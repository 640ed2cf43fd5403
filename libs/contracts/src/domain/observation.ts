import { z } from 'zod';
import { Money } from './money.ts';
import { Flow } from './provider.ts';

export const RefundState = z.enum(['pending', 'succeeded', 'failed', 'canceled']);
export const DisputeState = z.enum(['open', 'won', 'lost']);

/** How far an invoice has got, in the order in which of two words of one moment the later stands. */
export const ProgressState = z.enum([
  'draft',
  'awaiting',
  'overdue',
  'action_required',
  'processing',
  'attempt_failed',
  'uncollectible',
  /** Nothing more is owed, whatever was received. */
  'settled',
  'expired',
  'canceled',
  'refused',
]);
export type ProgressState = z.infer<typeof ProgressState>;

/** A payment as a blockchain has it, in the provider's words. */
export const CryptoTransfer = z.object({
  /** Exact decimal of `cryptocurrency`. */
  amount: z.string(),
  cryptocurrency: z.string().nullable(),
  blockchain: z.string().nullable(),
  /** The transaction's hash. */
  hash: z.string(),
  /** Whose money it now is; null where the provider does not say. */
  wallet: z.object({ id: z.string(), name: z.string(), address: z.string() }).nullable(),
});
export type CryptoTransfer = z.infer<typeof CryptoTransfer>;

/** One thing that a piece of evidence says. Facts merge: twice, late or in any order they say the same. */
export const Fact = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    state: ProgressState,
    /** Why, in the provider's words. */
    reason: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('ends'),
    /** When the provider stops taking money for it, unless it is paid before. */
    time: z.iso.datetime(),
  }),
  z.object({
    kind: z.literal('owed'),
    /** What the provider asks for now, where that can change after the invoice was made. */
    money: Money,
  }),
  z.object({
    kind: z.literal('received'),
    /** The provider's id of the invoice: all that it has received for it, whether or not it names the payments. */
    ref: z.string(),
    money: Money,
    paidAt: z.iso.datetime().nullable(),
  }),
  z.object({
    kind: z.literal('payment'),
    /** The provider's id of the payment; its money only ever grows. */
    ref: z.string(),
    money: Money,
    /** When the money moved, where the provider says so; else the time of the evidence stands for it. */
    paidAt: z.iso.datetime().nullable(),
    /** Who paid, in the provider's words. */
    payer: z.string().nullable(),
    crypto: CryptoTransfer.optional(),
  }),
  z.object({
    kind: z.literal('refund'),
    ref: z.string(),
    money: Money,
    state: RefundState,
  }),
  z.object({
    kind: z.literal('dispute'),
    ref: z.string(),
    money: Money,
    state: DisputeState,
  }),
]);
export type Fact = z.infer<typeof Fact>;

/** What is needed to take in an invoice that somebody made at the provider itself. */
export const ForeignInvoice = z.object({
  flow: Flow,
  /** The provider's id of who is billed. */
  customerRef: z.string(),
  money: Money,
  description: z.string().nullable(),
});
export type ForeignInvoice = z.infer<typeof ForeignInvoice>;

/** One piece of evidence from a provider, with the bytes that it came in. */
export const Observation = z.object({
  /** The provider's own id of this evidence (`evt_...`), or one derived from it: seen twice, it counts once. */
  evidenceId: z.string().min(1),
  /** The provider's id of what it is about (`pi_...`); null where the provider made nothing. */
  ref: z.string().nullable(),
  /** Other ids of the provider, evidence under which is about the same (an invoice's `pi_...`). */
  aliases: z.array(z.string()).optional(),
  /** Present where no hub made what it is about. */
  foreign: ForeignInvoice.optional(),
  /** When it was so, by the provider's clock. */
  occurredAt: z.iso.datetime(),
  facts: z.array(Fact),
  /** The provider's object that the invoice stands for, as JSON text, as it was then; null where none came. */
  providerData: z.string().nullable(),
  /** What came over the wire, where that is more than `providerData` (a webhook) or something else (an error). */
  raw: z.string().nullable(),
});
export type Observation = z.infer<typeof Observation>;
