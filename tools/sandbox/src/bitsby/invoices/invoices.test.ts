import { expect, test } from 'vitest';
import { bitsbyProjectId, startBitsby } from '../../testing/bitsby.ts';
import { createManualTime } from '../../testing/manual-time.ts';

const hour = 3_600_000;
const otherProjectId = '1c48b092-9878-48f5-b441-07a8a48e7b54';

test('the list shows an invoice as documented, field by field', async () => {
  const time = createManualTime(Date.UTC(2024, 1, 29, 10, 49, 56));
  await using bitsby = await startBitsby(time);
  const { id, uid } = await bitsby.create({
    amountFiat: '100',
    currencyFiat: 'USD',
    timeToPay: '12',
  });
  const [listed] = await bitsby.list('/invoices/list');
  const documented = {
    id,
    uid,
    projectId: bitsbyProjectId,
    createDatetime: '2024-02-29 10:49:56',
    timeToPayDatetime: '2024-02-29 22:49:56',
    commissionFiatUSD: '1.00',
    amountFiatUSD: '100.00',
    amountFiat: '100.00',
    currencyFiat: 'USD',
    description: null,
    serviceData: null,
    views: 0,
    status: 'unpaid',
  };
  expect(listed).toStrictEqual(documented);
  expect(Object.keys(listed ?? {})).toEqual(Object.keys(documented));
});

test('the list is filtered by every documented field, newest first', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  await bitsby.putProject({ name: 'Other' }, otherProjectId);
  const early = await bitsby.create({ description: 'early' });
  time.advance(13 * hour);
  const paid = await bitsby.create({ description: 'paid' });
  await bitsby.act(paid.uid, 'pay');
  const canceled = await bitsby.create({ description: 'canceled' });
  await bitsby.data('/invoices/cancel', { invoiceId: canceled.id });
  time.advance(11 * hour);
  await bitsby.create({ description: 'late', projectId: otherProjectId });

  const shown = async (fields: Record<string, string>): Promise<unknown[]> =>
    (await bitsby.list('/invoices/list', fields)).map(({ description }) => description);
  expect(await shown({})).toEqual(['late', 'canceled', 'paid', 'early']);
  expect(await shown({ invoiceId: paid.id })).toEqual(['paid']);
  expect(await shown({ invoiceId: paid.id.toUpperCase() })).toEqual(['paid']);
  expect(await shown({ invoiceId: paid.id, status: 'unpaid' })).toEqual([]);
  expect(await shown({ invoiceId: otherProjectId })).toEqual([]);
  expect(await shown({ invoiceUid: early.uid })).toEqual(['early']);
  expect(await shown({ projectId: otherProjectId })).toEqual(['late']);
  for (const [status, descriptions] of Object.entries({
    unpaid: ['late'],
    canceled: ['canceled'],
    paid: ['paid'],
    expired: ['early'],
  })) {
    expect(await shown({ status })).toEqual(descriptions);
  }
  expect(await shown({ startDate: '2026-01-02' })).toEqual(['late']);
  expect(await shown({ endDate: '2026-01-01' })).toEqual(['canceled', 'paid', 'early']);
  expect(await shown({ startDate: '2026-01-01', endDate: '2026-01-02' })).toHaveLength(4);
  expect(await shown({ startDate: '2026-01-03' })).toEqual([]);
  expect(await shown({ offset: '1', limit: '2' })).toEqual(['canceled', 'paid']);
  expect(await shown({ offset: '4' })).toEqual([]);
});

test('ten are listed unless a limit is given', async () => {
  await using bitsby = await startBitsby();
  for (let index = 0; index < 12; index += 1) await bitsby.create();
  expect(await bitsby.data('/invoices/list')).toHaveLength(10);
  expect(await bitsby.data('/invoices/list', { limit: '100' })).toHaveLength(12);
});

test.each([
  [{ invoiceId: '1' }, 'invoiceId must be a UUID'],
  [{ projectId: '1' }, 'projectId must be a UUID'],
  [{ status: 'cancelled' }, 'status must be one of unpaid, canceled, paid, expired'],
  [{ startDate: '01.02.2024' }, 'startDate must be a date as YYYY-MM-DD'],
  [{ endDate: '2024-02-30' }, 'endDate must be a date as YYYY-MM-DD'],
  [{ offset: '-1' }, 'offset must be a whole number from 0 to 999999999'],
  [{ limit: '0' }, 'limit must be a whole number from 1 to 100'],
  [{ limit: '101' }, 'limit must be a whole number from 1 to 100'],
])('a list with %j is refused: %s', async (fields, text) => {
  await using bitsby = await startBitsby();
  expect(await bitsby.refusal('/invoices/list', fields)).toBe(text);
});

test('cancel works until the payment page is opened', async () => {
  await using bitsby = await startBitsby();
  const [unseen, seen] = [await bitsby.create(), await bitsby.create()];
  await fetch(seen.url);
  expect(await bitsby.data('/invoices/cancel', { invoiceId: unseen.id })).toBe('Invoice canceled');
  expect(await bitsby.refusal('/invoices/cancel', { invoiceId: unseen.id })).toBe(
    'The invoice cannot be canceled: its status is canceled',
  );
  expect(await bitsby.refusal('/invoices/cancel', { invoiceId: seen.id })).toBe(
    'The invoice cannot be canceled: its payment page was opened',
  );
  expect(await bitsby.refusal('/invoices/cancel')).toBe('invoiceId is required');
  expect(await bitsby.data('/invoices/list')).toMatchObject([
    { id: seen.id, status: 'unpaid', views: 1 },
    { id: unseen.id, status: 'canceled', views: 0 },
  ]);
});

test('what is paid or expired cannot be canceled', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const [paid, expired] = [await bitsby.create(), await bitsby.create()];
  await bitsby.act(paid.uid, 'pay');
  time.advance(6 * hour);
  for (const [invoiceId, status] of [
    [paid.id, 'paid'],
    [expired.id, 'expired'],
  ] as const) {
    expect(await bitsby.refusal('/invoices/cancel', { invoiceId })).toBe(
      `The invoice cannot be canceled: its status is ${status}`,
    );
  }
});

test('an invoice expires at its very second', async () => {
  const time = createManualTime(Date.UTC(2026, 0, 1, 0, 0, 0, 987));
  await using bitsby = await startBitsby(time);
  await bitsby.create({ timeToPay: '0.5' });
  time.advance(hour / 2 - 988);
  expect(await bitsby.data('/invoices/list')).toMatchObject([{ status: 'unpaid' }]);
  time.advance(1);
  expect(await bitsby.data('/invoices/list')).toMatchObject([{ status: 'expired' }]);
});

test('statistics count the invoices of the days asked for', async () => {
  const time = createManualTime(Date.UTC(2024, 2, 4, 23));
  await using bitsby = await startBitsby(time);
  await bitsby.putProject({ name: 'Other' }, otherProjectId);
  const { uid } = await bitsby.create();
  await bitsby.act(uid, 'pay');
  await bitsby.create({ currencyFiat: 'USD', amountFiat: '0.10' });
  time.advance(2 * hour);
  await bitsby.create({ currencyFiat: 'USD', amountFiat: '0.20', projectId: otherProjectId });
  time.advance(28 * 24 * hour);
  await bitsby.create({ currencyFiat: 'USD', amountFiat: '5' });
  expect(await bitsby.data('/statistics/invoices', { endDate: '2024-03-31' })).toStrictEqual({
    invoicesTotalNum: 3,
    invoicesPaidNum: 1,
    invoicesTotalUSD: 11.75,
    invoicesByProjects: { [bitsbyProjectId]: 2, [otherProjectId]: 1 },
    invoicesByCurrencies: { EUR: 1, USD: 2 },
    invoicesByMonths: { 'March-2024': 3 },
    invoicesByDate: {
      '2024-03-04': { date: Date.UTC(2024, 2, 4), value: 2 },
      '2024-03-05': { date: Date.UTC(2024, 2, 5), value: 1 },
    },
  });
  expect(await bitsby.data('/statistics/invoices')).toMatchObject({
    invoicesTotalNum: 4,
    invoicesByMonths: { 'March-2024': 3, 'April-2024': 1 },
  });
});
