import type { Invoice } from '@quittance/contracts';
import { readableAmount } from './amounts.ts';
import type { BotDeps, Command } from './bot-deps.ts';
import { shownInvoice } from './invoice-view.ts';
import { textsFor, type Texts } from './texts.ts';

const shownInvoices = 10;

/** As much of a description as fits on a line or two. */
const longestName = 64;

const nameOf = (invoice: Invoice): string => {
  const name = shownInvoice(invoice)?.title ?? invoice.description ?? `#${invoice.id}`;
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
};

const line = (invoice: Invoice, { locale, states }: Texts): string =>
  `• ${nameOf(invoice)}: ${readableAmount(invoice, locale)}, ${states[invoice.status]}`;

/** `/invoices`: the newest that the person has made, and how they stand. */
export const listInvoices =
  ({ core }: BotDeps) =>
  async (context: Command): Promise<void> => {
    const texts = textsFor(context.from.language_code);
    const user = await core.identities.userOfTelegram({ telegramId: context.from.id });
    if (!user) {
      await context.reply(texts.invoices.nobody);
      return;
    }
    const { invoices } = await core.invoices.list({
      caller: { accountId: user.accountId, userId: user.id },
      filter: { userId: user.id },
      after: null,
      limit: shownInvoices,
    });
    const lines = invoices.map((invoice) => line(invoice, texts));
    await context.reply(
      lines.length === 0 ? texts.invoices.none : [texts.invoices.title, ...lines].join('\n'),
    );
  };
