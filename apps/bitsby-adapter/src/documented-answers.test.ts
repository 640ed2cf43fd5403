import { fixture, fixtureText } from '@quittance/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withAdapter } from './adapter-under-test.ts';
import { dataOf } from './read-under-test.ts';
import { receive } from './webhook.ts';

const Answer = z.object({ data: z.record(z.string(), z.unknown()) });

const documented = (name: string) => ({ body: fixtureText(`bitsby/${name}.json`) });
const at = '2024-03-02T00:00:00.000Z';
const clock = () => Date.parse(at);

test.each(['create.amounts', 'create.amounts-and-wallets', 'create.wallets'])(
  '%s is an invoice that awaits payment until its time',
  (name) =>
    withAdapter(
      async ({ provider, order, answer }) => {
        answer('/invoices/create', documented(name));
        const { observation, customerRef } = await provider.open(order());
        const { providerData, ...rest } = observation;
        expect(rest).toEqual({
          evidenceId: 'open:ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c',
          ref: 'ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c',
          aliases: ['MXNj4m8HhcM4'],
          occurredAt: at,
          facts: [
            { kind: 'progress', state: 'awaiting', reason: null },
            { kind: 'ends', time: '2024-03-01T03:20:24.000Z' },
          ],
          raw: null,
        });
        expect(dataOf({ providerData })).toEqual(Answer.parse(fixture(`bitsby/${name}.json`)).data);
        expect(customerRef).toBeNull();
      },
      { clock },
    ),
);

const paidRef = 'f31c61f6-407f-4999-95cf-56477eff06d4';

test.each(['newest', 'older'])('a paid invoice of the %s lists has its payment', (version) =>
  withAdapter(
    async ({ provider, answer, calls }) => {
      answer('/invoices/list', documented(`invoices-list.${version}`));
      answer('/payments/list', documented(`payments-list.${version}`));
      const { observations, customerRef } = await provider.find({
        by: 'ref',
        ref: paidRef,
        object: null,
        hints: [],
        isUrgent: false,
      });
      expect(observations).toMatchObject([
        { ref: paidRef, aliases: ['riUZBnNvd2rX'], occurredAt: at },
      ]);
      expect(observations[0]?.facts).toEqual([
        { kind: 'ends', time: '2024-02-28T08:57:23.000Z' },
        { kind: 'progress', state: 'settled', reason: null },
        {
          kind: 'payment',
          ref: 'f986ad8d-2298-473d-982a-efbc817b975d',
          money: { amount: 1200, currency: 'USD' },
          paidAt: '2024-02-27T21:05:36.000Z',
          payer: null,
          crypto: {
            amount: '12.00000000',
            cryptocurrency: 'usdt',
            blockchain: 'tron',
            hash: 'f09352627039c088688806821b864895ff237558612d834861621fc026de5f68',
            wallet: {
              id: '47aa71e2-07a0-482e-9172-7114d7376ba0',
              name: 'usdt-tron',
              address: 'TKbstUwMzLrfTAGL4erYb7gc7ghmHQ9zG7',
            },
          },
        },
      ]);
      expect(customerRef).toBeNull();
      expect(calls).toEqual(['/invoices/list', '/payments/list']);
    },
    { clock },
  ),
);

test.each(['newest', 'older'])('one that has ended is one call in the %s list', (version) =>
  withAdapter(async ({ provider, answer, calls }) => {
    answer('/invoices/list', documented(`invoices-list.${version}`));
    const ref = '59302b02-d1be-4e10-960f-d6ec24bfcaaf';
    const { observations } = await provider.find({
      by: 'ref',
      ref,
      object: null,
      hints: [],
      isUrgent: false,
    });
    expect(observations[0]?.facts).toEqual([
      { kind: 'progress', state: 'canceled', reason: null },
      { kind: 'ends', time: '2024-03-01T10:49:56.000Z' },
    ]);
    expect(calls).toEqual(['/invoices/list']);
  }),
);

test('a cancel is told in one word', () =>
  withAdapter(async ({ provider, answer, calls }) => {
    answer('/invoices/cancel', documented('cancel'));
    const object = JSON.stringify({ url: 'https://dash.bitsby.app/x', status: 'unpaid' });
    const input = { ref: paidRef, object, key: 'cancel-1', act: { kind: 'cancel' } } as const;
    const { facts, providerData } = await provider.act(input);
    expect(facts).toEqual([{ kind: 'progress', state: 'canceled', reason: null }]);
    expect(dataOf({ providerData })).toEqual({
      url: 'https://dash.bitsby.app/x',
      status: 'canceled',
    });
    expect(calls).toEqual(['/invoices/cancel']);
  }));

test.each(['newest', 'older'])('the %s webhook is a hint about its invoice', async (version) => {
  const { body } = documented(`webhook.${version}`);
  expect(await receive({ headers: {}, body })).toEqual({
    observations: [],
    hints: [
      {
        ref: 'a4c9e2ee-0f6b-4e14-8a0c-5a2f1f3c7d11',
        payment: 'f986ad8d-5d5f-4a0e-9a6e-0d1f4b6f2c33',
      },
    ],
    reply: { status: 200, headers: {}, body: '' },
  });
});

test.each([
  ['as Bitsby says it', documented('error.too-frequent')],
  ['with a status of their own', { status: 429, ...documented('error.too-frequent') }],
  ['by that status alone', { status: 429, body: '' }],
  ['by that status, with another text', { status: 429, body: '{"result":"error","data":"No"}' }],
  ['while something says that it failed', { status: 503, ...documented('error.too-frequent') }],
])('too many requests, %s, are sent again', (_title, canned) =>
  withAdapter(async ({ provider, order, answer, calls, openedCount }) => {
    answer('/invoices/create', canned);
    await provider.open(order());
    expect(calls).toEqual(['/invoices/create', '/invoices/create']);
    expect(await openedCount()).toBe(1);
  }),
);
