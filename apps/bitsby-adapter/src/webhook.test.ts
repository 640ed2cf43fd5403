import { fixture } from '@quittance/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { receive } from './webhook.ts';

const Body = z.record(z.string(), z.record(z.string(), z.unknown()));
const webhook = Body.parse(fixture('bitsby/webhook.newest.json'));

const received = (body: unknown) => receive({ headers: {}, body: JSON.stringify(body) });

test.each([
  ['no invoice', { ...webhook, invoice: undefined }, 'invoice'],
  ['no payment', { ...webhook, payment: undefined }, 'payment'],
  ['no project', { ...webhook, project: null }, 'project'],
  ['an empty id', { ...webhook, invoice: { ...webhook['invoice'], id: '' } }, 'invoice.id'],
  [
    'an id of another type',
    { ...webhook, invoice: { ...webhook['invoice'], id: 7 } },
    'invoice.id',
  ],
  ['a list', [webhook], undefined],
  ['a text', 'paid', undefined],
])('%s is no webhook of Bitsby’s, and the field is named', async (_title, body, param) => {
  await expect(received(body)).rejects.toMatchObject({ code: 'invalid_request', param });
});

test('what is not known yet is passed over', async () => {
  const body = {
    ...webhook,
    event: 'paid',
    invoice: { ...webhook['invoice'], status: 'refunded' },
  };
  expect((await received(body)).hints).toEqual([
    { ref: webhook['invoice']?.['id'], payment: webhook['payment']?.['id'] },
  ]);
});
