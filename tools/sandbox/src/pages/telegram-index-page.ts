import { html } from 'hono/html';
import type { Bot, Person, TelegramState } from '../telegram/state.ts';
import { layout } from './layout.ts';
import { chatPath, telegramPath } from './telegram-paths.ts';

export const telegramBotRow = (bot: Bot) =>
  html`<tr>
    <td>@${bot.username}</td>
    <td>${bot.key}${bot.revoked ? ', revoked' : ''}</td>
    <td>${bot.webhook?.url ?? 'no webhook'}</td>
  </tr>`;

export const telegramPersonRow = (bots: readonly Bot[], person: Person) =>
  html`<tr>
    <td>${person.first_name} ${person.last_name ?? ''} (${person.id})</td>
    <td>${person.stars} ⭐</td>
    <td>
      ${bots.map(
        (bot) => html`<a href="${chatPath(bot.username, person.id)}">@${bot.username}</a><br />`,
      )}
    </td>
  </tr>`;

/** The bots and the people, with the chat of each person with each bot. */
export const telegramIndexPage = (state: TelegramState) => {
  const bots = [...state.bots.entries()].map(([, bot]) => bot);
  const people = [...state.people.entries()].map(([, person]) => person);
  return layout(
    'Telegram in the sandbox',
    html`<p class="muted">Quittance sandbox · Telegram · no real money moves here</p>
      <h1>Telegram</h1>
      <h2>Bots</h2>
      <p class="muted">A bot is made by the first call with its token.</p>
      <table>
        ${bots.map(telegramBotRow)}
      </table>
      <h2>People</h2>
      <table>
        ${people.map((person) => telegramPersonRow(bots, person))}
      </table>
      <form method="post" action="${telegramPath}/users">
        <input name="first_name" required placeholder="First name" aria-label="First name" />
        <input name="username" placeholder="Username" aria-label="Username" />
        <input name="language_code" placeholder="en" aria-label="Language" />
        <input name="stars" type="number" min="0" placeholder="Stars" aria-label="Stars" />
        <button class="main">Add</button>
      </form>
      <p><a href="/_sandbox">All of the sandbox</a></p>`,
  );
};
