import { z } from 'zod';
import { Act, ProviderAct } from './domain/act.ts';
import { Currency } from './domain/currency.ts';
import { Account, ApiKey, Caller, Pin, Scope, TelegramId, User } from './domain/identity.ts';
import { Invoice, InvoiceItem, InvoiceStatus, PublicId } from './domain/invoice.ts';
import { totalOf } from './domain/invoice-line.ts';
import { MinorUnits, Money } from './domain/money.ts';
import { PaymentPolicy } from './domain/policy.ts';
import { Flow, FlowOptions, Pace, ProviderName } from './domain/provider.ts';
import { Project, ProjectAtProvider, ProjectId } from './domain/project.ts';
import { StorableText } from './domain/text.ts';
import { RawWebhook } from './payment-provider.ts';

/** The client's Idempotency-Key: the same key gives the same answer, and does nothing twice. */
const IdempotencyKey = z.string().min(1).max(255).nullable();

export const CreateInvoice = z
  .object({
    caller: Caller,
    /** Who is billed at the provider, where that is not the caller: the invoice is that user's. */
    billed: z.object({ customerRef: z.string().min(1).max(255) }).nullable(),
    idempotencyKey: IdempotencyKey,
    /** Without a currency, in that of whoever is billed. */
    money: Money.extend({ currency: Currency.nullable() }),
    item: InvoiceItem,
    description: StorableText.max(1000).nullable(),
    payload: StorableText.max(4096).nullable(),
    projectId: ProjectId.nullable(),
    options: FlowOptions,
    /** When it stops being payable, or in how many seconds; null for never. */
    expiry: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('at'), time: z.iso.datetime() }),
        z.object({ kind: z.literal('in'), seconds: z.int().positive() }),
      ])
      .nullable(),
  })
  .refine(
    ({ options, money }) =>
      options.flow !== 'stripe.invoice' || totalOf(options.lines) === money.amount,
    { path: ['options', 'lines'], error: 'must add up to the amount' },
  );
export type CreateInvoice = z.infer<typeof CreateInvoice>;

/** An invoice by either of its ids. */
export const InvoiceId = z.union([z.int().positive(), PublicId]);
export type InvoiceId = z.infer<typeof InvoiceId>;

export const InvoiceOfCaller = z.object({ caller: Caller, id: InvoiceId });
export type InvoiceOfCaller = z.infer<typeof InvoiceOfCaller>;

export const GetInvoice = InvoiceOfCaller.extend({
  /** As it stood, as far as was known, at this time; null for now. */
  at: z.iso.datetime().nullable(),
});
export type GetInvoice = z.infer<typeof GetInvoice>;

/** All filters must hold. Times are of creation, from inclusive, to exclusive; amounts minor units, inclusive. */
export const InvoiceFilter = z.object({
  status: InvoiceStatus.optional(),
  provider: ProviderName.optional(),
  userId: z.int().positive().optional(),
  item: InvoiceItem.optional(),
  createdFrom: z.iso.datetime().optional(),
  createdTo: z.iso.datetime().optional(),
  minAmount: MinorUnits.optional(),
  maxAmount: MinorUnits.optional(),
  /** Words of the description, each of which must be in it, in any case and order. */
  text: z.string().min(1).max(255).optional(),
});
export type InvoiceFilter = z.infer<typeof InvoiceFilter>;

export const ListInvoices = z.object({
  caller: Caller,
  filter: InvoiceFilter,
  /** The last public id of the page before; null for the first page. */
  after: PublicId.nullable(),
  limit: z.int().min(1).max(200),
});
export type ListInvoices = z.infer<typeof ListInvoices>;

/** Newest first. `next` is what to pass as `after` for the following page; null on the last. */
export const InvoicePage = z.object({ invoices: z.array(Invoice), next: PublicId.nullable() });
export type InvoicePage = z.infer<typeof InvoicePage>;

/** Of what its provider has. All filters must hold. Times are of creation, from inclusive, to exclusive. */
export const ListFlow = z.object({
  caller: Caller,
  flow: Flow,
  filter: z.object({
    /** Any of these. */
    statuses: z.array(InvoiceStatus).min(1).optional(),
    projectId: ProjectId.optional(),
    /** The provider's ids of it, all of which must be. */
    refs: z.array(z.string().min(1).max(255)).optional(),
    createdFrom: z.iso.datetime().optional(),
    createdTo: z.iso.datetime().optional(),
  }),
  offset: z.int().min(0),
  limit: z.int().min(1).max(200),
});
export type ListFlow = z.infer<typeof ListFlow>;

/** All filters must hold. Times are of creation, from inclusive, to exclusive. */
export const ListEverywhere = z.object({
  flow: Flow,
  filter: z.object({
    /** Any of these. */
    statuses: z.array(InvoiceStatus).min(1).optional(),
    userPublicId: PublicId.optional(),
    createdFrom: z.iso.datetime().optional(),
    createdTo: z.iso.datetime().optional(),
  }),
  page: z.int().min(1),
  limit: z.int().min(1).max(200),
});
export type ListEverywhere = z.infer<typeof ListEverywhere>;

/** An invoice and whose it is. */
export const OwnedInvoice = z.object({
  invoice: Invoice,
  user: User.pick({ publicId: true, name: true }),
});
export type OwnedInvoice = z.infer<typeof OwnedInvoice>;

/** Newest first. `count` is of all pages. */
export const NumberedPage = z.object({ invoices: z.array(OwnedInvoice), count: z.int().min(0) });
export type NumberedPage = z.infer<typeof NumberedPage>;

/** By our public id or the provider's. */
export const FindEverywhere = z.object({
  flow: Flow,
  id: z.discriminatedUnion('by', [
    z.object({ by: z.literal('publicId'), publicId: PublicId }),
    z.object({ by: z.literal('providerRef'), ref: z.string().min(1).max(255) }),
  ]),
});
export type FindEverywhere = z.infer<typeof FindEverywhere>;

export const CancelInvoice = InvoiceOfCaller.extend({ idempotencyKey: IdempotencyKey });
export type CancelInvoice = z.infer<typeof CancelInvoice>;

export const OperateInvoice = InvoiceOfCaller.extend({
  idempotencyKey: IdempotencyKey,
  act: ProviderAct,
});
export type OperateInvoice = z.infer<typeof OperateInvoice>;

export const RefundInvoice = InvoiceOfCaller.extend({
  idempotencyKey: IdempotencyKey,
  /** Minor units; null for all that is left. */
  amount: MinorUnits.positive().nullable(),
  reason: z.string().max(255).nullable(),
});
export type RefundInvoice = z.infer<typeof RefundInvoice>;

export const RefundedInvoice = z.object({ refund: Act, invoice: Invoice });
export type RefundedInvoice = z.infer<typeof RefundedInvoice>;

export const EventFeed = z.object({
  caller: Caller,
  /** Events after this position. */
  after: z.int().min(0),
  limit: z.int().min(1).max(1000),
});
export type EventFeed = z.infer<typeof EventFeed>;

export const Authenticate = z.object({ apiKey: z.string(), scope: Scope });
export type Authenticate = z.infer<typeof Authenticate>;

export const CreateAccount = z.object({ name: Account.shape.name });
export type CreateAccount = z.infer<typeof CreateAccount>;

export const SetPolicy = z.object({ accountId: z.int().positive(), policy: PaymentPolicy });
export type SetPolicy = z.infer<typeof SetPolicy>;

/** By who they are in Telegram, or by an invoice of theirs. */
export const AuthenticatePin = z.object({
  who: z.union([
    z.object({ telegramId: TelegramId }),
    z.object({ provider: ProviderName, ref: z.string().min(1).max(255) }),
  ]),
  pin: z.string().max(64),
});
export type AuthenticatePin = z.infer<typeof AuthenticatePin>;

/** Nobody else can have that Telegram id. Without a PIN the user has none until they set one in the bot. */
export const LinkTelegram = z.object({
  userId: z.int().positive(),
  telegramId: TelegramId,
  pin: Pin.nullable(),
});
export type LinkTelegram = z.infer<typeof LinkTelegram>;

export const SetPin = z.object({ telegramId: TelegramId, pin: Pin });
export type SetPin = z.infer<typeof SetPin>;

export const InvoiceOfRef = z.object({ provider: ProviderName, ref: z.string().min(1).max(255) });
export type InvoiceOfRef = z.infer<typeof InvoiceOfRef>;

/** An invoice for whoever holds its ref, and whom it is owed to. */
export const HeldInvoice = z.object({
  invoice: Invoice,
  merchant: z.string(),
  /** Who its user is in Telegram, if they are. */
  creatorTelegramId: TelegramId.nullable(),
});
export type HeldInvoice = z.infer<typeof HeldInvoice>;

/** A bot by an id of it. */
export const BotId = z.object({ botId: z.string().min(1).max(64) });

export const CreateUser = User.pick({ accountId: true, name: true, email: true });
export type CreateUser = z.infer<typeof CreateUser>;

export const UserOfCustomer = z.object({
  /** Where the user is made, if there is none yet. */
  accountId: z.int().positive(),
  provider: ProviderName,
  customerRef: z.string().min(1).max(255),
});
export type UserOfCustomer = z.infer<typeof UserOfCustomer>;

export const CreateApiKey = z.object({
  userId: z.int().positive(),
  scopes: z.array(Scope).min(1),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** The only time that a key is seen whole. */
export const CreatedApiKey = z.object({ apiKey: ApiKey, secret: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const CreateProject = z.object({
  caller: Caller,
  idempotencyKey: IdempotencyKey,
  name: Project.shape.name,
  /** Each provider once. */
  providers: z.array(ProjectAtProvider),
});
export type CreateProject = z.infer<typeof CreateProject>;

export const ProjectOfCaller = z.object({ caller: Caller, id: ProjectId });
export type ProjectOfCaller = z.infer<typeof ProjectOfCaller>;

/** What is not given stays as it is; a provider whose `ref` is the same keeps its token. */
export const UpdateProject = ProjectOfCaller.extend({
  name: Project.shape.name.optional(),
  providers: z.array(ProjectAtProvider).optional(),
});
export type UpdateProject = z.infer<typeof UpdateProject>;

/** A call to a provider that takes only so many, in the lane of all who share its limit. */
export const TakeTurn = Pace.extend({ lane: z.string().min(1).max(255) });
export type TakeTurn = z.infer<typeof TakeTurn>;

/** How long to wait until the turn that was taken, in ms. */
export const Turn = z.object({ waitMs: z.int().min(0) });
export type Turn = z.infer<typeof Turn>;

export const ReceiveWebhook = z.object({
  provider: ProviderName,
  /** The end of the URL that it came to, which for some providers is all that vouches for it. */
  token: z.string().max(255).nullable(),
  webhook: RawWebhook.omit({ token: true }),
});
export type ReceiveWebhook = z.infer<typeof ReceiveWebhook>;

/** Whether it serves, and which of the providers that it has answer. */
export const Readiness = z.object({
  ready: z.literal(true),
  providers: z.partialRecord(ProviderName, z.enum(['reachable', 'unreachable'])),
});
export type Readiness = z.infer<typeof Readiness>;
