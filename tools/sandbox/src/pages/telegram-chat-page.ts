import { html } from 'hono/html';
import type { InlineKeyboardButton } from 'grammy/types';
import { paymentsBetween } from '../telegram/control/present.ts';
import { messagesBetween } from '../telegram/messages.ts';
import { shownAmount } from '../telegram/payments/currencies.ts';
import type { Bot, Payment, Person, StoredMessage, TelegramState } from '../telegram/state.ts';
import { layout } from './layout.ts';
import { chatPath, telegramPath } from './telegram-paths.ts';

type Fragment = ReturnType<typeof html>;

const hidden = (values: Record<string, string | number>): Fragment[] =>
  Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );

const postButton = (
  path: string,
  label: string,
  values: Record<string, string | number> = {},
): Fragment =>
  html`<form method="post" action="${path}">${hidden(values)}<button>${label}</button></form>`;

const payButton = (bot: Bot, person: Person, messageId: number, label: string): Fragment =>
  html`<form method="get" action="${telegramPath}/users/${person.id}/pay">
    ${hidden({ bot: bot.username, message_id: messageId })}<button class="main">${label}</button>
  </form>`;

const buttonOf = (
  bot: Bot,
  person: Person,
  { message, paidBy }: StoredMessage,
  button: InlineKeyboardButton,
): Fragment => {
  if ('pay' in button) {
    return paidBy === undefined
      ? payButton(bot, person, message.message_id, button.text)
      : html`<button disabled>Receipt</button>`;
  }
  if ('url' in button && !/^https?:\/\/t\.me\//i.test(button.url)) {
    return html`<a href="${button.url}">${button.text}</a> `;
  }
  if (!('url' in button || 'callback_data' in button)) {
    return html`<button disabled>${button.text}</button>`;
  }
  return postButton(`${telegramPath}/users/${person.id}/press`, button.text, {
    bot: bot.username,
    message_id: message.message_id,
    button: 'callback_data' in button ? button.callback_data : button.text,
  });
};

const keyboardOf = (state: TelegramState, stored: StoredMessage): InlineKeyboardButton[] => {
  const { invoice, reply_markup: markup } = stored.message;
  const given = markup?.inline_keyboard.flat() ?? [];
  if (invoice === undefined || given.length > 0) return given;
  return [
    { text: `Pay ${shownAmount(state, { ...invoice, total: invoice.total_amount })}`, pay: true },
  ];
};

const contentOf = (state: TelegramState, { message }: StoredMessage): Fragment => {
  const { invoice, successful_payment: paid, refunded_payment: refunded } = message;
  if (invoice !== undefined) {
    return html`<strong>${invoice.title}</strong><br />${invoice.description}`;
  }
  if (paid !== undefined) {
    const amount = shownAmount(state, { ...paid, total: paid.total_amount });
    return html`<em>Paid ${amount}</em>`;
  }
  if (refunded !== undefined) {
    const amount = shownAmount(state, { ...refunded, total: refunded.total_amount });
    return html`<em>${amount} given back</em>`;
  }
  return html`<span class="text">${message.text ?? ''}</span>`;
};

const messageRow = (
  state: TelegramState,
  bot: Bot,
  person: Person,
  stored: StoredMessage,
): Fragment => {
  const { message } = stored;
  return html`<tr>
    <td class="muted">${message.from?.first_name ?? ''}</td>
    <td>
      ${contentOf(state, stored)}
      <div>${keyboardOf(state, stored).map((button) => buttonOf(bot, person, stored, button))}</div>
    </td>
  </tr>`;
};

const paymentRow = (state: TelegramState, payment: Payment): Fragment =>
  html`<tr>
    <td>${shownAmount(state, payment)}</td>
    <td>
      <span class="status ${payment.state}">${payment.state}</span>
      ${payment.refundedAt === undefined ? '' : 'refunded'} ${payment.error ?? ''}
    </td>
    <td>
      ${
        payment.state === 'held'
          ? ['release', 'cancel'].map((action) =>
              postButton(`${telegramPath}/payments/${payment.id}/${action}`, action),
            )
          : ''
      }
    </td>
  </tr>`;

const notices = (state: TelegramState, bot: Bot, person: Person): Fragment[] => {
  const shown: Fragment[] = [];
  for (const [, query] of state.callbackQueries.entries()) {
    const text = query.answer?.text ?? '';
    if (query.bot !== bot.key || query.user !== person.id || text === '') continue;
    shown.push(html`<p class="status">${text}</p>`);
  }
  return shown.slice(-1);
};

/** A person's chat with a bot: what was said, and all that the person can do next. */
export const telegramChatPage = (
  state: TelegramState,
  bot: Bot,
  person: Person,
  { blocked }: { blocked: boolean },
): Fragment => {
  const personPath = `${telegramPath}/users/${person.id}`;
  const messages = messagesBetween(state, bot.key, person.id);
  const payments = paymentsBetween(state, bot.key, person.id);
  const action = blocked ? 'unblock' : 'block';
  return layout(
    `${person.first_name} and @${bot.username}`,
    html`<p class="muted">Quittance sandbox · Telegram · no real money moves here</p>
      <h1>@${bot.username}</h1>
      <p>
        ${person.first_name} · ${person.stars} ⭐ ${blocked ? 'has blocked the bot' : ''} ·
        <a href="${chatPath(bot.username, person.id)}">refresh</a>
      </p>
      <table>
        ${messages.map((stored) => messageRow(state, bot, person, stored))}
      </table>
      ${notices(state, bot, person)}
      <form method="post" action="${personPath}/messages">
        ${hidden({ bot: bot.username })}
        <input name="text" required maxlength="4096" placeholder="/start" aria-label="Message" />
        <button class="main">Send</button>
      </form>
      <form method="post" action="${personPath}/open">
        <input
          name="link"
          required
          placeholder="https://t.me/${bot.username}?start=..."
          aria-label="Link"
        />
        <button>Open link</button>
      </form>
      ${postButton(`${personPath}/${action}`, `${action} the bot`, { bot: bot.username })}
      <h2>Payments</h2>
      <table>
        ${payments.map((payment) => paymentRow(state, payment))}
      </table>
      <p>
        <a href="${telegramPath}">All of Telegram</a> · <a href="/_sandbox">All of the sandbox</a>
      </p>`,
  );
};
