import { readdirSync } from 'node:fs';
import { parseJson } from '@quittance/rpc';
import { fixture, fixtureText } from '@quittance/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withAdapter } from './adapter-under-test.ts';
import { webhookSecret } from './derived.ts';
import { botToken } from './people-under-test.ts';

const folder = new URL('../../../libs/testing/fixtures/telegram/updates/', import.meta.url);
const names = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => name !== 'readings');
const readings = z
  .record(z.string(), z.array(z.record(z.string(), z.unknown())))
  .parse(fixture('telegram/updates/readings.json'));

const headers = { 'x-telegram-bot-api-secret-token': webhookSecret(botToken) };
const updateText = (name: string): string => fixtureText(`telegram/updates/${name}.json`);

test('every recorded update has a reading', () => {
  expect(names.toSorted()).toEqual(Object.keys(readings).toSorted());
});

test.each(names)('%s says what it says, twice the same, and nobody fails for it', (name) =>
  withAdapter(async ({ provider }) => {
    const body = updateText(name);
    const received = await provider.receive({ headers, body });
    const expected = readings[name]?.map((reading) => ({
      ...reading,
      providerData: null,
      raw: body,
    }));
    expect(received.observations).toEqual(expected);
    expect(received.hints).toEqual([]);
    expect(received.reply.status).toBe(200);
    expect(await provider.receive({ headers, body })).toEqual(received);
  }),
);

test.each(names)('%s without the secret, or with another, is refused', (name) =>
  withAdapter(async ({ provider, sandbox }) => {
    const body = updateText(name);
    const { length } = sandbox.calls;
    const right = webhookSecret(botToken);
    for (const secret of [undefined, '', `${right}x`, right.slice(1), right.toLowerCase()]) {
      const forged = secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret };
      await expect(provider.receive({ headers: forged, body })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    }
    expect(sandbox.calls.length).toBe(length);
  }),
);

test.each([
  ['nothing', ''],
  ['no JSON', '{"update_id":1'],
  ['a list', '[]'],
  ['no number', '{"message":{}}'],
  ['money that is none', '{"update_id":1,"pre_checkout_query":{"id":"1"}}'],
])('a body with %s cannot be read, and is not acknowledged', (_title, body) =>
  withAdapter(async ({ provider }) => {
    await expect(provider.receive({ headers, body })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  }),
);

test('a payment is thanked for in the payer’s language, by the reply itself', () =>
  withAdapter(async ({ provider, sandbox }) => {
    sandbox.calls.length = 0;
    const body = updateText('message.successful_payment.stars');
    const inRussian = body.replace('"language_code": "en"', '"language_code": "ru"');
    expect(inRussian).not.toBe(body);
    const said = await Promise.all(
      [body, inRussian].map(async (text) => {
        const { reply } = await provider.receive({ headers, body: text });
        expect(reply.headers['content-type']).toBe('application/json');
        return parseJson(reply.body);
      }),
    );
    const message = { method: 'sendMessage', chat_id: 7_463_617_963 };
    expect(said).toEqual([
      { ...message, text: 'Thank you! Your payment of ⭐️ 150 has arrived.' },
      { ...message, text: 'Спасибо! Ваш платёж на сумму ⭐️ 150 получен.' },
    ]);
    expect(sandbox.calls).toEqual([]);
  }));

test('money in a currency that nobody knows is no payment of ours', () =>
  withAdapter(async ({ provider }) => {
    const paid = updateText('message.successful_payment.card').replace('"USD"', '"ABC"');
    expect(await provider.receive({ headers, body: paid })).toMatchObject({ observations: [] });

    const query = updateText('pre_checkout_query.stars').replace('"XTR"', '"ABC"');
    const { ask, reply } = await provider.receive({ headers, body: query });
    expect(ask).toBeUndefined();
    expect(parseJson(reply.body)).toMatchObject({
      ok: false,
      error_message: expect.stringMatching(/no such/),
    });
  }));

test.each([
  ['ru', /[а-я]{3}/],
  ['en', /^[\w .,]+$/],
])(
  'in %s, a question about a payment is asked, with an answer for everything it may come to',
  (language, words) =>
    withAdapter(async ({ provider, sandbox }) => {
      const { length } = sandbox.calls;
      const body = updateText('pre_checkout_query.card').replace('"ru"', `"${language}"`);
      const { ask } = await provider.receive({ headers, body });
      expect(ask).toMatchObject({
        id: '32056297456783922',
        ref: 'invoice-7QH2M0ZX4K9PB1TD',
        money: { amount: 1250, currency: 'USD' },
        payer: '7463617963',
      });
      const answer = {
        method: 'answerPreCheckoutQuery',
        pre_checkout_query_id: '32056297456783922',
      };
      expect(parseJson(ask?.replies.accept.body ?? '')).toEqual({ ...answer, ok: true });
      const refusals = Object.values(ask?.replies.refuse ?? {}).map((reply) => reply.body);
      expect(new Set(refusals).size).toBe(7);
      for (const refusal of refusals) {
        expect(parseJson(refusal)).toEqual({
          ...answer,
          ok: false,
          error_message: expect.stringMatching(words),
        });
      }
      expect(sandbox.calls.length).toBe(length);
    }),
);
