import type {
  CheckoutQuestion,
  CheckoutRefusal,
  Invoice,
  Observation,
  OpenInput,
  PaymentProvider,
  Received,
  User,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Clock } from '@quittance/runtime';
import type { BotCore } from './bot/bot-deps.ts';

/** What invoice-core is to the adapter: who somebody is, which invoice that is, and where updates go. */
export interface CoreUnderTest extends BotCore {
  /** Makes the user, who is that person in Telegram. */
  addUser: (telegramId: number) => User;
  /** Takes the invoice in as it was opened, and shows it with these changes. */
  addInvoice: (input: OpenInput, opened: Observation, changes?: Partial<Invoice>) => Invoice;
  change: (ref: string, changes: Partial<Invoice>) => void;
  pins: Map<number, string>;
  /** What webhooks said, in the order in which they came. */
  observations: Observation[];
  hints: Received['hints'];
  questions: CheckoutQuestion[];
  /** Fails the next calls so, one each. */
  failures: DomainError[];
}

const hex = (id: number): string => id.toString(16).padStart(24, '0');

const invoiceOf = (input: OpenInput, { ref, providerData }: Observation): Invoice => {
  const { money, options, createdAt } = input;
  return {
    id: input.invoiceId,
    publicId: hex(input.invoiceId),
    accountId: 1,
    userId: input.customer.userId,
    projectId: null,
    provider: 'telegram',
    flow: options.flow,
    status: 'pending',
    exception: 'none',
    statusReason: null,
    ...money,
    received: 0,
    remaining: money.amount,
    overpaid: 0,
    refunded: 0,
    net: 0,
    disputed: 'none',
    payments: [],
    refunds: [],
    disputes: [],
    item: { type: 'none', id: 'none' },
    description: input.description,
    payload: input.payload,
    expiresAt: null,
    providerRef: ref,
    providerData,
    createdAt,
    updatedAt: createdAt,
  };
};

/** In memory, and no more than the adapter can notice. */
export const createCore = (provider: () => PaymentProvider, clock: Clock): CoreUnderTest => {
  const users = new Map<number, User>();
  const invoices = new Map<string, Invoice>();
  const pins = new Map<number, string>();
  const observations: Observation[] = [];
  const hints: Received['hints'] = [];
  const questions: CheckoutQuestion[] = [];
  const failures: DomainError[] = [];

  const failIfTold = async (): Promise<void> => {
    await Promise.resolve();
    const failure = failures.shift();
    if (failure) throw failure;
  };

  const change: CoreUnderTest['change'] = (ref, changes) => {
    const invoice = invoices.get(ref);
    if (invoice) invoices.set(ref, { ...invoice, ...changes });
  };

  const decide = ({ ref, money }: CheckoutQuestion): CheckoutRefusal | undefined => {
    const invoice = invoices.get(ref);
    if (!invoice) return 'unknown';
    if (invoice.amount !== money.amount || invoice.currency !== money.currency) {
      return 'other_amount';
    }
    if (invoice.expiresAt !== null && Date.parse(invoice.expiresAt) <= clock()) return 'expired';
    return invoice.status === 'pending' ? undefined : 'paid';
  };

  return {
    identities: {
      userOfTelegram: async ({ telegramId }) => {
        await failIfTold();
        return users.get(telegramId) ?? null;
      },
      setPin: async ({ telegramId, pin }) => {
        await failIfTold();
        const user = users.get(telegramId);
        if (!user) throw new DomainError('not_found', 'No such user');
        pins.set(telegramId, pin);
        return user;
      },
    },
    invoices: {
      held: async ({ ref }) => {
        await failIfTold();
        const invoice = invoices.get(ref);
        if (!invoice) throw new DomainError('not_found', 'No such invoice');
        return { invoice, merchant: 'Tea & Co', creatorTelegramId: null };
      },
      list: async ({ filter, limit }) => {
        await failIfTold();
        const own = [...invoices.values()].filter(({ userId }) => userId === filter.userId);
        return { invoices: own.toReversed().slice(0, limit), next: null };
      },
    },
    webhooks: {
      receive: async ({ webhook, token }) => {
        await failIfTold();
        const address = token !== null && { token };
        const received = await provider().receive({ ...webhook, ...address });
        observations.push(...received.observations);
        hints.push(...received.hints);
        for (const { ref, facts } of received.observations) {
          if (facts.some(({ kind }) => kind === 'payment')) change(ref ?? '', { status: 'paid' });
        }
        if (!received.ask) return received.reply;
        questions.push(received.ask);
        const refusal = decide(received.ask);
        const { accept, refuse } = received.ask.replies;
        return refusal === undefined ? accept : refuse[refusal];
      },
    },
    addUser: (telegramId) => {
      const id = users.size + 1;
      const name = 'Seller';
      const user = { id, publicId: hex(id), accountId: 1, name, email: null, telegramId };
      users.set(telegramId, user);
      return user;
    },
    addInvoice: (input, opened, changes = {}) => {
      const invoice = { ...invoiceOf(input, opened), ...changes };
      invoices.set(opened.ref ?? '', invoice);
      return invoice;
    },
    change,
    pins,
    observations,
    hints,
    questions,
    failures,
  };
};
