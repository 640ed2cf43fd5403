import { html } from 'hono/html';
import { shownAmount } from '../telegram/payments/currencies.ts';
import type { Bot, Person, StoredInvoice, TelegramState } from '../telegram/state.ts';
import { layout } from './layout.ts';
import { chatPath, telegramPath } from './telegram-paths.ts';

/** The dialog in which a person confirms a payment. `asked` is what the press of Pay was about. */
export const telegramPayPage = (
  state: TelegramState,
  bot: Bot,
  person: Person,
  invoice: StoredInvoice,
  asked: Record<string, string>,
) =>
  layout(
    `Pay ${invoice.title}`,
    html`<p class="muted">Quittance sandbox · Telegram · no real money moves here</p>
      <h1>${shownAmount(state, invoice)}</h1>
      <p><strong>${invoice.title}</strong>, for @${bot.username}</p>
      <p class="text">${invoice.description}</p>
      <dl>
        ${invoice.prices.map(
          ({ label, amount }) =>
            html`<dt>${label}</dt>
              <dd>${shownAmount(state, { total: amount, currency: invoice.currency })}</dd>`,
        )}
        <dt>${invoice.currency === 'XTR' ? 'Your Stars' : 'Your card'}</dt>
        <dd>${invoice.currency === 'XTR' ? person.stars : 'Visa 4242'}</dd>
      </dl>
      <form method="post" action="${telegramPath}/users/${person.id}/pay">
        ${Object.entries(asked).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        <p>
          <label>
            <input type="checkbox" name="hold" value="true" /> hold the money back once the bot has
            accepted
          </label>
        </p>
        <button class="main">Pay</button>
      </form>
      <p><a href="${chatPath(bot.username, person.id)}">Not now</a></p>`,
  );
