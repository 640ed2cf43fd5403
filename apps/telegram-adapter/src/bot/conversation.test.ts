import type { Invoice } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { createTestClock } from '@quittance/testing';
import { expect, test } from 'vitest';
import { withAdapter, type AdapterUnderTest } from '../adapter-under-test.ts';
import { fieldOf } from '../field-under-test.ts';
import { eventually } from '../people-under-test.ts';

const languages = ['en', 'ru'] as const;
const shown = { title: 'Tea', description: 'A flight' };

test.each([
  ['en', 'Invoice from Tea & Co', 'Amount: ⭐️ 2,050', 'State: waiting for payment'],
  ['ru', 'Счёт от Tea & Co', 'Сумма: ⭐️ 2 050', 'Состояние: ожидает оплаты'],
  ['de', 'Invoice from Tea & Co', 'Amount: ⭐️ 2,050', 'State: waiting for payment'],
])('in %s, a link shows the invoice and then lets it be paid', (language, from, amount, state) =>
  withAdapter(async ({ make, person, core }) => {
    const { ref } = await make();
    const payer = await person({ language });
    const [summary, invoice] = await payer.ask(`/start ${ref}`, 2);
    const text = summary?.text?.replaceAll('\u00A0', ' ');
    expect(text).toBe([from, '', 'Tea', 'A flight', '', amount, state].join('\n'));
    expect(invoice?.invoice).toMatchObject({
      ...shown,
      currency: 'XTR',
      total_amount: 2050,
      start_parameter: ref,
    });

    const paid = await payer.pay({
      bot: 'sandbox_7000000001_bot',
      message_id: invoice?.message_id,
    });
    expect(paid.state).toBe('paid');
    await eventually(() => core.observations[0]);
    expect(core.observations).toMatchObject([
      {
        ref,
        facts: [
          { kind: 'payment', money: { amount: 2050, currency: 'XTR' }, payer: String(payer.id) },
        ],
      },
    ]);
    const thanks = await eventually(async () => (await payer.fromBot())[2]);
    expect(thanks.text).toMatch(language === 'ru' ? /^Спасибо/ : /^Thank you/);
  }),
);

const refusals = {
  paid: [/already been paid/, /уже оплачен/, /: paid\n/, /: оплачен\n/, { status: 'paid' }],
  refunded: [
    /already been paid/,
    /уже оплачен/,
    /: refunded/,
    /: возвращён/,
    { status: 'refunded' },
  ],
  expired: [/has expired/, /истёк/, /: expired/, /: истёк/, { status: 'expired' }],
  overdue: [
    /has expired/,
    /истёк/,
    /: expired/,
    /: истёк/,
    { expiresAt: '2020-01-01T00:00:00.000Z' },
  ],
  canceled: [/canceled this/, /отменил этот/, /: canceled/, /: отменён/, { status: 'canceled' }],
  processing: [
    /cannot be paid now/,
    /нельзя оплатить/,
    /: payment on/,
    /: оплата/,
    { status: 'processing' },
  ],
} satisfies Record<string, [RegExp, RegExp, RegExp, RegExp, Partial<Invoice>]>;

test.each(
  Object.entries(refusals).flatMap(([name, [en, ru, enState, ruState, changes]]) => [
    { name, language: 'en', words: en, state: enState, changes },
    { name, language: 'ru', words: ru, state: ruState, changes },
  ]),
)('what is $name is shown in $language with why it cannot be paid, and no button to pay', (given) =>
  withAdapter(async ({ make, person, core, sandbox }) => {
    const { ref } = await make();
    core.change(ref, given.changes);
    const payer = await person({ language: given.language });
    const [summary] = await payer.ask(`/start ${ref}`);
    expect(summary?.text).toMatch(given.words);
    expect(summary?.text).toContain('Tea');
    expect(summary?.text).toMatch(given.state);
    await payer.ask('/help');
    expect(sandbox.calls.filter(({ name }) => name === 'sendInvoice')).toEqual([]);
  }),
);

test.each([
  ['en', /no such invoice/],
  ['ru', /Такого счёта нет/],
])('what is no invoice is said in %s', (language, words) =>
  withAdapter(async ({ person }) => {
    const payer = await person({ language });
    for (const ref of ['invoice-AAAAAAAAAAAAAAAA', 'invoice-JJD0EOPJ', 'friend']) {
      const [answer] = await payer.ask(`/start ${ref}`);
      expect(answer?.text).toMatch(words);
    }
  }),
);

/** What a payer of an invoice message is told when the core says no. */
const refusedAt = async (
  { make, person, core }: AdapterUnderTest,
  language: string,
  changes: Partial<Invoice>,
): Promise<string | null> => {
  const { ref } = await make();
  const payer = await person({ language });
  const [, message] = await payer.ask(`/start ${ref}`, 2);
  core.change(ref, changes);
  const { state, error } = await payer.pay({
    bot: 'sandbox_7000000001_bot',
    message_id: message?.message_id,
  });
  expect(state).toBe('refused');
  expect(core.observations).toEqual([]);
  return error;
};

test.each([
  ['paid', { status: 'paid' }, /already been paid/, /уже оплачен/],
  ['expired', { expiresAt: '2020-01-01T00:00:00.000Z' }, /has expired/, /истёк/],
  ['other_amount', { amount: 1 }, /amount .* another/, /Сумма .* другая/],
] as const)('a payment of what is %s is refused in words', async (_title, changes, en, ru) => {
  await withAdapter(async (adapter) => {
    expect(await refusedAt(adapter, 'en', changes)).toMatch(en);
  });
  await withAdapter(async (adapter) => {
    expect(await refusedAt(adapter, 'ru', changes)).toMatch(ru);
  });
});

test('a link of Telegram’s own is paid without the chat, once', () =>
  withAdapter(async ({ provider, order, person, core }) => {
    const { observation } = await provider.open(order());
    const link = fieldOf(parseJson(observation.providerData ?? ''), 'link');
    const [first, second] = [await person(), await person()];
    expect((await first.pay({ link })).state).toBe('paid');
    await eventually(() => core.observations[0]);
    expect(await second.pay({ link })).toMatchObject({
      state: 'refused',
      error: 'This invoice has already been paid.',
    });
  }));

test('the button under an invoice shows how it is now', () =>
  withAdapter(async ({ make, person, core, sandbox }) => {
    const { ref } = await make();
    const payer = await person();
    const [summary] = await payer.ask(`/start ${ref}`, 2);
    if (!summary) throw new Error('There is no message');
    const answered = () => sandbox.calls.filter(({ name }) => name === 'answerCallbackQuery');

    await payer.press(summary, 'Check the state');
    await eventually(() => answered()[0]);
    expect((await payer.fromBot())[0]?.text).toContain('waiting for payment');

    core.change(ref, { status: 'paid' });
    await payer.press(summary, 'Check the state');
    await eventually(() => answered()[1]);
    const [changed] = await payer.fromBot();
    expect(changed?.text).toContain('State: paid');
    expect(changed?.text).toContain('already been paid');
    expect(changed?.reply_markup?.inline_keyboard.flat()).toHaveLength(1);
    expect(answered().map(({ body, status }) => [body['text'], status])).toEqual([
      ['This is how it is now.', 200],
      ['This is how it is now.', 200],
    ]);
  }));

test('what Telegram will not show is said, and told to the operator', () =>
  withAdapter(async ({ make, person, sandbox }) => {
    const { ref } = await make();
    await sandbox.control('PUT', '/telegram/currencies', { XTR: { exponent: 0, min: 1, max: 9 } });
    const payer = await person();
    const [, answer] = await payer.ask(`/start ${ref}`, 2);
    expect(answer?.text).toMatch(/cannot be paid now/);
  }));

test.each(languages)(
  'in %s, /help, /terms, /paysupport and a plain /start are answered',
  (language) =>
    withAdapter(
      async ({ person }) => {
        const somebody = await person({ language });
        const russian = /[а-я]{4}/;
        for (const [said, words] of [
          ['/start', /\/help/],
          ['/help', /\/setpin/],
          ['/terms', /https:\/\/shop\.example\/terms/],
          ['/paysupport', /@shop_support/],
          ['Hello?', /\/paysupport/],
          ['/unknown', /\/paysupport/],
        ] as const) {
          const [answer] = await somebody.ask(said);
          expect(answer?.text).toMatch(words);
          expect(russian.test(answer?.text ?? '')).toBe(language === 'ru');
        }
      },
      {
        env: {
          TELEGRAM_SUPPORT: '@shop_support',
          TELEGRAM_TERMS_URL: 'https://shop.example/terms',
        },
      },
    ),
);

test('while the core cannot be asked, Telegram sends the message again until it can', () =>
  withAdapter(async ({ core, person, gateway }) => {
    const seller = await person();
    core.addUser(seller.id);
    core.failures.push(new DomainError('unavailable', 'Restarting'));
    const [answer] = await seller.ask('/setpin 1a2b');
    expect(answer?.text).toMatch(/^Your PIN is set/);
    expect(gateway.statuses).toEqual([503, 200]);
  }));

test('of a message that nobody waits for any more, nothing is said, and those behind it go on', async () => {
  const clock = createTestClock();
  await withAdapter(
    async ({ provider, core, gateway, person, sandbox }) => {
      const seller = await person();
      await seller.ask('/help');
      const [webhook = { headers: {}, body: '' }] = gateway.received;
      const again = { ...webhook, body: webhook.body.replace('/help', '/invoices') };
      const down = { status: 500, body: '{"ok":false,"error_code":500,"description":"Internal"}' };
      const { length } = core.observations;

      sandbox.answer('sendMessage', down);
      await expect(provider.receive(again)).rejects.toMatchObject({ code: 'unavailable' });
      clock.advance(300_000);
      sandbox.answer('sendMessage', down);
      expect((await provider.receive(again)).reply.status).toBe(200);
      expect(core.observations).toHaveLength(length);
    },
    { clock: clock.now },
  );
});

test('who has blocked the bot holds nobody up', () =>
  withAdapter(async ({ person, provider, gateway, sandbox }) => {
    const somebody = await person();
    await somebody.ask('/help');
    await sandbox.control('POST', `/telegram/users/${somebody.id}/block`, {
      bot: 'sandbox_7000000001_bot',
    });
    const [webhook = { headers: {}, body: '' }] = gateway.received;
    expect((await provider.receive(webhook)).reply.status).toBe(200);
  }));
