import { readdirSync } from 'node:fs';
import type { FindInput } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import { silentLogger } from '@quittance/runtime';
import { fixture, fixtureText } from '@quittance/testing';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { merchant, withBotsBusiness } from '../bots-business-under-test.ts';
import { fieldOf } from '../field-under-test.ts';
import { eventually } from '../people-under-test.ts';

const ref = 'invoice-JJD0EOPJ';
const answerText = (name: string): string => fixtureText(`bots-business/answers/${name}.json`);
const opened = JSON.stringify(
  fieldOf(fixture('bots-business/answers/new-invoice.json'), 'invoice'),
);
type ByRef = Extract<FindInput, { by: 'ref' }>;

const find: ByRef = { by: 'ref', ref, object: opened, hints: [], isUrgent: false };

test('an invoice is made for the merchant, with the PIN in the body and nothing of the payload', () =>
  withBotsBusiness(async ({ provider, order, sandbox }) => {
    sandbox.calls.length = 0;
    const { observation } = await provider.open(order({ payload: 'merchant’s own' }));
    expect(sandbox.calls.map(({ name, body }) => [name, body])).toEqual([
      [
        'new-invoice',
        {
          amount: 2050,
          userId: merchant.userId,
          pin: merchant.pin,
          description: 'A flight',
          title: 'Tea',
          payload: 'test-invoice-1',
        },
      ],
    ]);
    expect(observation.ref).toMatch(/^invoice-[A-Z0-9]{8}$/);
    expect(observation.facts).toEqual([{ kind: 'progress', state: 'awaiting', reason: null }]);
    expect(parseJson(observation.providerData ?? '')).toMatchObject({
      payLink: `https://t.me/bbp_app_bot?start=${observation.ref}`,
      status: 'unpaid',
      paidBy: null,
    });
  }));

test('a description that is missing is the title: the bot takes nothing empty', () =>
  withBotsBusiness(async ({ provider, order, sandbox }) => {
    for (const description of [null, '']) {
      await provider.open(order({ description }));
      expect(sandbox.calls.at(-1)?.body).toMatchObject({ description: 'Tea' });
    }
  }));

test.each(['new-invoice', 'new-invoice.numbers'])('the answer %s is understood', (name) =>
  withBotsBusiness(async ({ provider, order, sandbox }) => {
    sandbox.answer('new-invoice', { body: answerText(name) });
    const { observation } = await provider.open(order());
    expect(observation.ref).toBe(ref);
    expect(parseJson(observation.providerData ?? '')).toMatchObject({ amount: '10', paidBy: null });
  }),
);

const awaiting = [{ kind: 'progress', state: 'awaiting', reason: null }];
const paidBy = (payer: string | null) => [
  { kind: 'payment', ref, money: { amount: 10, currency: 'BBP' }, paidAt: null, payer },
];

test.each([
  ['invoice-status.source.unpaid', awaiting],
  ['invoice-status.source.paid', paidBy('7463617963')],
  ['invoice-status.documented.unpaid', awaiting],
  ['invoice-status.documented.paid', paidBy(null)],
])('%s is understood, and what was known before is kept', (name, facts) =>
  withBotsBusiness(async ({ provider, sandbox }) => {
    sandbox.answer('invoice-status', { body: answerText(name) });
    const { observations } = await provider.find(find);
    expect(observations).toMatchObject([{ ref, facts }]);
    expect(parseJson(observations[0]?.providerData ?? '')).toMatchObject({
      payLink: 'https://t.me/bbp_app_bot?start=invoice-JJD0EOPJ',
      qrCode: expect.stringMatching(/^https:/),
      amount: '10',
      status: facts === awaiting ? 'unpaid' : 'paid',
    });
  }),
);

test.each([
  ['a payer as text', '"7463617963"', '7463617963'],
  ['a payer as a number', '7463617963', '7463617963'],
  ['nobody', 'null', null],
  ['nobody in words', '"Not yet paid"', null],
])('paid by %s', (_title, payer, expected) =>
  withBotsBusiness(async ({ provider, sandbox }) => {
    const body = answerText('invoice-status.source.paid').replace('7463617963', payer);
    sandbox.answer('invoice-status', { body });
    expect((await provider.find(find)).observations).toMatchObject([{ facts: paidBy(expected) }]);
  }),
);

test.each([
  ['"10"', 10],
  ['10', 10],
  ['"10.0"', 10],
])('an amount as %s is ten points', (amount, points) =>
  withBotsBusiness(async ({ provider, sandbox }) => {
    const body = answerText('invoice-status.source.paid').replace('"10"', amount);
    sandbox.answer('invoice-status', { body });
    const { observations } = await provider.find({ ...find, object: null });
    expect(observations).toMatchObject([{ facts: [{ money: { amount: points } }] }]);
  }),
);

test('an amount that is no number of whole points pays nothing, and is shown', () =>
  withBotsBusiness(async ({ provider, sandbox }) => {
    for (const amount of ['"10.5"', '"ten"', '"-3"', '1e30']) {
      const body = answerText('invoice-status.source.paid').replace('"10"', amount);
      sandbox.answer('invoice-status', { body });
      const { observations } = await provider.find({ ...find, object: null });
      expect(observations).toMatchObject([{ facts: [{ kind: 'progress', state: 'processing' }] }]);
    }
  }));

test('the same state is the same evidence, another state another', () =>
  withBotsBusiness(async ({ provider, make, pay }) => {
    const { ref: made, object } = await make();
    const look = async () => {
      const { observations } = await provider.find({
        by: 'ref',
        ref: made,
        object,
        hints: [],
        isUrgent: false,
      });
      return observations.map(({ evidenceId }) => evidenceId);
    };
    const before = await look();
    expect(await look()).toEqual(before);
    await pay(made);
    const after = await look();
    expect(after).not.toEqual(before);
    expect(await look()).toEqual(after);
  }));

test.each(['source', 'documented'])('the bot as its %s has it, from new to paid', (invoiceStatus) =>
  withBotsBusiness(async ({ provider, make, pay, sandbox }) => {
    await sandbox.control('PUT', '/bots-business/settings', { invoiceStatus });
    const { ref: made, object } = await make();
    const look = async () =>
      (await provider.find({ by: 'ref', ref: made, object, hints: [], isUrgent: false }))
        .observations;
    expect(await look()).toMatchObject([{ facts: awaiting }]);
    await pay(made);
    expect(await look()).toMatchObject([
      { facts: [{ kind: 'payment', ref: made, money: { amount: 2050, currency: 'BBP' } }] },
    ]);
  }),
);

test('an invoice that the bot does not know is none', () =>
  withBotsBusiness(async ({ provider, sandbox }) => {
    sandbox.answer('invoice-status', { body: answerText('invoice-status.unknown') });
    expect((await provider.find(find)).observations).toEqual([]);
  }));

test('an error is a refusal, with 200 and in the bot’s words', () =>
  withBotsBusiness(async ({ provider, order, sandbox }) => {
    sandbox.answer('new-invoice', { body: answerText('new-invoice.missing') });
    await expect(provider.open(order())).rejects.toMatchObject({
      code: 'provider_refused',
      message: 'Missing parameters: amount, pin',
    });
  }));

test.each(['new-invoice.pin', 'new-invoice.pin-unset'])(
  '%s is the hub’s own fault, and no refusal of an invoice',
  (name) =>
    withBotsBusiness(async ({ provider, order, sandbox }) => {
      sandbox.answer('new-invoice', { body: answerText(name) });
      await expect(provider.open(order())).rejects.toMatchObject({
        code: 'unavailable',
        message: 'The BBP bot does not accept the user id and PIN of this hub',
      });
    }),
);

test.each(['invoice-status.pin', 'invoice-status.pin-unset'])(
  '%s says nothing of an invoice',
  (name) =>
    withBotsBusiness(async ({ provider, sandbox }) => {
      sandbox.answer('invoice-status', { body: answerText(name) });
      await expect(provider.find(find)).rejects.toMatchObject({ code: 'unavailable' });
    }),
);

test.each([
  [
    'a 500',
    { status: 500, body: '{"status":500,"error":"Internal Server Error"}' },
    'outcome_unknown',
  ],
  ['nothing', { body: '' }, 'outcome_unknown'],
  ['a page', { body: '<html>' }, 'outcome_unknown'],
  ['no invoice', { body: '{"status":"success"}' }, 'outcome_unknown'],
  [
    'a 404 of the platform',
    { status: 404, body: '{"status":404,"error":"Bot not found"}' },
    'unavailable',
  ],
  ['a 429', { status: 429, headers: { 'retry-after': '7' }, body: '' }, 'unavailable'],
])('%s in place of an answer', (_title, canned, code) =>
  withBotsBusiness(async ({ provider, order, sandbox }) => {
    sandbox.answer('new-invoice', canned);
    await expect(provider.open(order())).rejects.toMatchObject({
      code,
      ...('headers' in canned && { retryAfterMs: 7_000 }),
    });
    sandbox.answer('invoice-status', canned);
    await expect(provider.find(find)).rejects.toMatchObject({ code: 'unavailable' });
  }),
);

test('a cut connection may have made an invoice; a question that was cut has changed nothing', () =>
  withBotsBusiness(async ({ provider, order, sandbox, openedCount }) => {
    for (const fault of ['drop_before', 'drop_after']) {
      await sandbox.fail('POST /*/new-invoice', fault);
      await expect(provider.open(order())).rejects.toMatchObject({ code: 'outcome_unknown' });
      await sandbox.fail('POST /*/invoice-status', fault);
      await expect(provider.find(find)).rejects.toMatchObject({ code: 'unavailable' });
    }
    await provider.open(order());
    expect(await openedCount()).toBe(2);
  }));

test('BB Points cannot be given back', () =>
  withBotsBusiness(async ({ provider }) => {
    const money = { amount: 10, currency: 'BBP' };
    const payment = { ref, payer: '1' };
    await expect(
      provider.refund({ ref, payment, key: 'refund-1', money, mayBeDone: false }),
    ).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching(/BBP bot/),
    });
  }));

const hints = fixture('bots-business/webhooks/readings.json');
const names = readdirSync(
  new URL('../../../../libs/testing/fixtures/bots-business/webhooks/', import.meta.url),
)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => name !== 'readings');

test.each(names)('the webhook %s is no more than a hint', (name) =>
  withBotsBusiness(async ({ provider, webhookToken = '' }) => {
    const body = fixtureText(`bots-business/webhooks/${name}.json`);
    const webhook = { headers: {}, token: webhookToken, body };
    expect(await provider.receive(webhook)).toEqual({
      observations: [],
      hints: fieldOf(hints, name),
      reply: { status: 200, headers: {}, body: '' },
    });
    for (const token of ['', 'x', `${webhookToken}x`, webhookToken.slice(1)]) {
      await expect(provider.receive({ ...webhook, token })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    }
  }),
);

test('where no merchant is set, no URL is one of the BBP bot, and it is asked nothing', () =>
  withBotsBusiness(async ({ core, config, sandbox, webhookToken: token = '' }) => {
    const { BOTS_BUSINESS_USER_ID: _user, BOTS_BUSINESS_PIN: _pin, ...without } = config;
    const { provider } = createApp({ config: without, core, clock: Date.now, log: silentLogger });
    const body = fixtureText('bots-business/webhooks/chat.credit.json');
    await expect(provider.receive({ headers: {}, token, body })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    sandbox.calls.length = 0;
    expect(await provider.find(find)).toEqual({ observations: [], customerRef: null });
    expect(sandbox.calls).toEqual([]);
  }));

test('paid in the chat the hint names the invoice, by QR code it cannot', () =>
  withBotsBusiness(async ({ make, payBy, core }) => {
    const { ref: inChat } = await make();
    await payBy(inChat, 'chat');
    const [first] = await eventually(() => (core.hints.length > 0 ? core.hints : undefined));
    expect(first).toEqual({ ref: inChat, payment: inChat });
    const { ref: byQr } = await make();
    await payBy(byQr, 'qr');
    await eventually(() => core.hints[1]);
    expect(core.hints[1]).toEqual({ flow: 'telegram.bots_business' });
    expect(core.observations).toEqual([]);
  }));
