import { z } from 'zod';
import { FlowOptions, ProviderName, TimeToPay } from '../domain/provider.ts';
import {
  CurrencyCode,
  exactTotalOf,
  flag,
  integer,
  notAnObject,
  text,
  Time,
  timeToPayError,
  TimeToPayText,
  unlessOneOf,
  Uuid,
} from './fields.ts';
import { TelegramDescription, TelegramPayload, TelegramTitle } from './telegram-fields.ts';

const terms = {
  /** Minor units of `currency`. */
  amount: integer(0),
  currency: CurrencyCode,
  /** What it is for, in the merchant's own terms. */
  item: z
    .strictObject(
      { type: text(1, 64), id: text(1, 255) },
      { error: notAnObject('must be an object with type and id') },
    )
    .nullish(),
  description: text(0, 1000).nullish(),
  /** The merchant's own data, which comes back as it is; the payer never sees it. */
  payload: text(0, 4096).nullish(),
  /** The account's project that it is for. */
  projectId: Uuid.nullish(),
};

const expiry = {
  /** When it stops being payable; never, where neither this nor `expiresIn` is given. */
  expiresAt: Time.nullish(),
  /** Seconds from now; at most ten years. */
  expiresIn: integer(1, 315_360_000).nullish(),
};

/** One thing on an invoice. */
export const CanonicalLine = z.strictObject(
  {
    description: text(1, 500),
    quantity: integer(1, 1_000_000).default(1),
    /** Minor units of one; what is below zero takes off. */
    unitAmount: integer(Number.MIN_SAFE_INTEGER),
  },
  { error: notAnObject('must be an object with description and unitAmount') },
);
export type CanonicalLine = z.output<typeof CanonicalLine>;

const linesError = { error: 'must be a list of 1 to 250 lines' };

const [stripePaymentIntent, stripeInvoice, bitsbyInvoice, telegramBotApi, telegramBotsBusiness] =
  FlowOptions.options;

const StripePaymentIntentCreate = z.strictObject({
  ...stripePaymentIntent.shape,
  flow: stripePaymentIntent.shape.flow.default('stripe.payment_intent'),
  ...terms,
  ...expiry,
});

const StripeInvoiceCreate = z
  .strictObject({
    ...stripeInvoice.pick({ provider: true, flow: true }).shape,
    ...terms,
    ...expiry,
    /** What `amount` is made of; one line with the description, where not given. */
    lines: z.array(CanonicalLine, linesError).min(1, linesError).max(250, linesError).nullish(),
    /** The Stripe payment method that is charged; the customer's default, where not given. */
    paymentMethod: text(1, 255).nullish(),
    footer: text(0, 5000).nullish(),
    /** Sends it to be paid within so many days, rather than charge it. */
    dueInDays: integer(0, 3650).nullish(),
    /** Sends it to be paid by then, rather than charge it. */
    dueAt: Time.nullish(),
    /** Whether to leave it a draft, which nobody can pay until it is finalized. */
    draft: flag.nullish(),
  })
  .refine(({ lines = null, amount }) => lines === null || exactTotalOf(lines) === amount, {
    path: ['lines'],
    error: 'must add up to amount',
  })
  .refine(({ dueInDays = null, dueAt = null }) => dueInDays === null || dueAt === null, {
    path: ['dueInDays'],
    error: 'cannot be given together with dueAt',
  });

const saidByTimeToPay = z
  .null({ error: 'cannot be given: timeToPay says when it ends' })
  .optional();

const BitsbyInvoiceCreate = z.strictObject({
  provider: bitsbyInvoice.shape.provider,
  flow: bitsbyInvoice.shape.flow.default('bitsby.invoice'),
  ...terms,
  projectId: Uuid,
  /** Hours. A fraction may come as the text that it is written as. */
  timeToPay: z.union([TimeToPay, TimeToPayText], timeToPayError),
  expiresAt: saidByTimeToPay,
  expiresIn: saidByTimeToPay,
});

const telegramTerms = {
  ...terms,
  ...expiry,
  /** What the payer sees first. */
  title: TelegramTitle,
  /** The title, where not given. */
  description: TelegramDescription.nullish(),
  payload: TelegramPayload.nullish(),
};

const TelegramBotApiCreate = z.strictObject({
  provider: telegramBotApi.shape.provider,
  flow: telegramBotApi.shape.flow.default('telegram.bot_api'),
  ...telegramTerms,
  /** Whether to make a link of Telegram's own as well, which opens the payment wherever it is. */
  link: flag.nullish(),
});

const TelegramBotsBusinessCreate = z.strictObject({
  ...telegramBotsBusiness.pick({ provider: true, flow: true }).shape,
  ...telegramTerms,
});

const stripeFlows = [StripePaymentIntentCreate, StripeInvoiceCreate] as const;

const telegramFlows = [TelegramBotApiCreate, TelegramBotsBusinessCreate] as const;

const bodyMessage = 'The body must be a JSON object';

const flowError = (flows: readonly { shape: { flow: { value: string } } }[]) => ({
  error: unlessOneOf(
    flows.map(({ shape }) => shape.flow.value),
    bodyMessage,
  ),
});

/** The body of `POST /v1/invoices`. */
export const CanonicalCreate = z
  .discriminatedUnion(
    'provider',
    [
      z.discriminatedUnion('flow', stripeFlows, flowError([stripePaymentIntent, stripeInvoice])),
      z.discriminatedUnion('flow', [BitsbyInvoiceCreate], flowError([bitsbyInvoice])),
      z.discriminatedUnion(
        'flow',
        telegramFlows,
        flowError([telegramBotApi, telegramBotsBusiness]),
      ),
    ],
    { error: unlessOneOf(ProviderName.options, bodyMessage) },
  )
  .refine(({ expiresAt = null, expiresIn = null }) => expiresAt === null || expiresIn === null, {
    path: ['expiresIn'],
    error: 'cannot be given together with expiresAt',
  });
export type CanonicalCreate = z.output<typeof CanonicalCreate>;
/** What a client writes: defaults and all that is optional may be left out. */
export type CanonicalCreateBody = z.input<typeof CanonicalCreate>;
