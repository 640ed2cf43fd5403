import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import {
  BotFacts,
  CurrenciesBody,
  NewPerson,
  OfBot,
  OpenLink,
  Pay,
  PersonChange,
  PressButton,
  SendText,
  SettingsBody,
} from '../telegram/control/bodies.ts';
import { ensureBot, revokeBot } from '../telegram/control/operate-bots.ts';
import {
  presentBot,
  presentCallbackQuery,
  presentOpened,
  presentPayment,
  presentPressed,
} from '../telegram/control/present.ts';
import { allCurrencyLimits } from '../telegram/payments/currencies.ts';
import { cancelPayment, releasePayment } from '../telegram/payments/settle.ts';
import { setBlocked } from '../telegram/people/block.ts';
import { openLink } from '../telegram/people/open-link.ts';
import { payLink, payMessage } from '../telegram/people/pay.ts';
import {
  changePerson,
  makePerson,
  namedBot,
  personOf,
  putPerson,
} from '../telegram/people/person.ts';
import { pressButton } from '../telegram/people/press-button.ts';
import { Refusal } from '../telegram/people/refusal.ts';
import { sendText } from '../telegram/people/send-text.ts';
import { settingsOf, type Payment } from '../telegram/state.ts';
import type { TelegramEmulator } from '../telegram/telegram-emulator.ts';
import type { Work } from '../telegram/work.ts';
import { layout } from './layout.ts';
import { bodyOf, isBrowser } from './telegram-body.ts';
import { chatPath, telegramPath } from './telegram-paths.ts';

/** An answer for a program, or the page that a browser goes to. */
const answer = (c: Context, body: object, page: string = telegramPath): Response =>
  isBrowser(c) ? c.redirect(page, 303) : c.json(body);

export const refusedControl = (c: Context, error: Error): Response | Promise<Response> => {
  if (!(error instanceof Refusal)) throw error;
  if (!isBrowser(c)) return c.json({ error: { message: error.message } }, error.status);
  const content = html`<h1>Not possible</h1>
    <p class="error">${error.message}</p>
    <p><a href="${c.req.header('referer') ?? telegramPath}">Back</a></p>`;
  return c.html(layout('Not possible', content), error.status);
};

/** Leaves out what was not given: exact optional properties have no undefined. */
const given = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every property that is left has a value
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const paymentOf = ({ state }: Work, id: string): Payment => {
  const payment = state.payments.get(id);
  if (payment === undefined) throw new Refusal('There is no such payment.', 404);
  return payment;
};

const chatOfPayment = (work: Work, payment: Payment): string =>
  chatPath(presentPayment(work, payment).bot, payment.user);

const addPeople = (control: Hono, { act, state, payments }: TelegramEmulator): void => {
  control
    .get('/users', (c) => c.json(state.people.newestFirst().toReversed()))
    .post('/users', async (c) => {
      const body = await bodyOf(c, NewPerson);
      return answer(
        c,
        act((work) => makePerson(work, given(body))),
      );
    })
    .put('/users/:id', async (c) => {
      const facts = given(await bodyOf(c, NewPerson.omit({ id: true })));
      return answer(
        c,
        act((work) => putPerson(work, c.req.param('id'), facts)),
      );
    })
    .get('/users/:id', (c) => c.json(act((work) => personOf(work, c.req.param('id')))))
    .post('/users/:id', async (c) => {
      const body = await bodyOf(c, PersonChange);
      return answer(
        c,
        act((work) => changePerson(work, c.req.param('id'), given(body))),
      );
    })
    .post('/users/:id/open', async (c) => {
      const { link } = await bodyOf(c, OpenLink);
      return act((work) => {
        const person = personOf(work, c.req.param('id'));
        const opened = openLink(work, person, link);
        const page =
          'invoice' in opened
            ? `${telegramPath}/users/${person.id}/pay?link=${encodeURIComponent(link)}`
            : chatPath(namedBot(work, opened.bot).username, person.id);
        return answer(c, presentOpened(work, opened), page);
      });
    })
    .post('/users/:id/messages', async (c) => {
      const { bot: name, text } = await bodyOf(c, SendText);
      return act((work) => {
        const [person, bot] = [personOf(work, c.req.param('id')), namedBot(work, name)];
        const message = sendText(work, bot, person, text);
        return answer(c, { message }, chatPath(bot.username, person.id));
      });
    })
    .post('/users/:id/press', async (c) => {
      const { bot: name, message_id: messageId, button } = await bodyOf(c, PressButton);
      return act((work) => {
        const [person, bot] = [personOf(work, c.req.param('id')), namedBot(work, name)];
        const pressed = pressButton(work, person, { bot, messageId, button });
        return answer(c, presentPressed(work, pressed), chatPath(bot.username, person.id));
      });
    })
    .post('/users/:id/pay', async (c) => {
      const { bot: name, message_id: messageId, link = '', hold, wait } = await bodyOf(c, Pay);
      const { id } = act((work) => {
        const person = personOf(work, c.req.param('id'));
        return name === undefined || messageId === undefined
          ? payLink(work, person, { link, hold })
          : payMessage(work, person, { bot: namedBot(work, name), messageId, hold });
      });
      if (wait) await payments.settled(id);
      return act((work) => {
        const payment = paymentOf(work, id);
        return answer(c, presentPayment(work, payment), chatOfPayment(work, payment));
      });
    });
  for (const [action, blocked] of [
    ['block', true],
    ['unblock', false],
  ] as const) {
    control.post(`/users/:id/${action}`, async (c) => {
      const { bot: name } = await bodyOf(c, OfBot);
      return act((work) => {
        const [person, bot] = [personOf(work, c.req.param('id')), namedBot(work, name)];
        setBlocked(work, bot, person, blocked);
        return answer(c, { blocked }, chatPath(bot.username, person.id));
      });
    });
  }
};

const addPayments = (control: Hono, { act, state }: TelegramEmulator): void => {
  control
    .get('/payments', (c) =>
      c.json(
        act((work) =>
          [...state.payments.entries()].map(([, payment]) => presentPayment(work, payment)),
        ),
      ),
    )
    .get('/payments/:id', (c) =>
      c.json(act((work) => presentPayment(work, paymentOf(work, c.req.param('id'))))),
    )
    .get('/callback-queries/:id', (c) => {
      const query = state.callbackQueries.get(c.req.param('id'));
      if (query === undefined) throw new Refusal('There is no such callback query.', 404);
      return c.json(presentCallbackQuery(query));
    });
  for (const [action, perform] of [
    ['release', releasePayment],
    ['cancel', cancelPayment],
  ] as const) {
    control.post(`/payments/:id/${action}`, (c) =>
      act((work) => {
        const payment = perform(work, c.req.param('id'));
        return answer(c, presentPayment(work, payment), chatOfPayment(work, payment));
      }),
    );
  }
};

const addSettings = (control: Hono, { act, state }: TelegramEmulator): void => {
  control
    .get('/bots', (c) => c.json([...state.bots.entries()].map(([, bot]) => presentBot(bot))))
    .post('/bots', async (c) => {
      const body = await bodyOf(c, BotFacts);
      return answer(
        c,
        act((work) => presentBot(ensureBot(work, body))),
      );
    })
    .post('/bots/:bot/revoke', (c) =>
      answer(
        c,
        act((work) => presentBot(revokeBot(work, namedBot(work, c.req.param('bot'))))),
      ),
    )
    .get('/settings', (c) => c.json(settingsOf(state)))
    .put('/settings', async (c) => {
      const body = await bodyOf(c, SettingsBody);
      const changed = { ...settingsOf(state), ...given(body) };
      act((work) => work.state.settings.put('settings', changed));
      return c.json(settingsOf(state));
    })
    .get('/currencies', (c) => c.json(allCurrencyLimits(state)))
    .put('/currencies', async (c) => {
      const body = await bodyOf(c, CurrenciesBody);
      act((work) => {
        for (const [code, limits] of Object.entries(body)) work.state.currencies.put(code, limits);
      });
      return c.json(allCurrencyLimits(state));
    })
    .delete('/currencies', (c) => {
      act((work) => {
        const changed = [...work.state.currencies.entries()].map(([code]) => code);
        for (const code of changed) work.state.currencies.delete(code);
      });
      return c.json(allCurrencyLimits(state));
    });
};

/** What people do in Telegram, and what its operators and @BotFather do, over HTTP. */
export const addTelegramControl = (control: Hono, telegram: TelegramEmulator): Hono => {
  addPeople(control, telegram);
  addPayments(control, telegram);
  addSettings(control, telegram);
  return control;
};
