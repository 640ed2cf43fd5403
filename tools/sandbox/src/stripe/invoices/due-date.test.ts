import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const now = Date.UTC(2026, 0, 1) / 1_000;
const day = 86_400;

const notInFuture = (param: string) => ({
  message: 'Invalid timestamp: must be an integer Unix timestamp in the future',
  param,
  statusCode: 400,
  type: 'StripeInvalidRequestError',
});

const sent = { collection_method: 'send_invoice' } as const;

test.each([
  ['long ago', now - day],
  ['this second', now],
  ['before 1970', -1],
  ['in milliseconds', (now + day) * 1_000],
])('a due date %s is refused, when creating and when updating', async (_, date) => {
  await using started = await startSandbox(createManualTime(now * 1_000));
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  expect(await failureOf(invoices.create({ ...sent, customer, due_date: date }))).toMatchObject(
    notInFuture('due_date'),
  );
  expect((await invoices.list()).data).toEqual([]);

  const draft = await invoices.create({ ...sent, customer, due_date: now + 1 });
  expect(await failureOf(invoices.update(draft.id, { due_date: date }))).toMatchObject(
    notInFuture('due_date'),
  );
  expect(await invoices.retrieve(draft.id)).toMatchObject({ due_date: now + 1 });
});

test('so many days until it is due that there is no such date are refused', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  const never = invoices.create({ ...sent, customer, days_until_due: 999_999_999 });
  expect(await failureOf(never)).toMatchObject(notInFuture('days_until_due'));
});

test('a due date that has passed since stays when something else is changed', async () => {
  const time = createManualTime(now * 1_000);
  await using started = await startSandbox(time);
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  const draft = await invoices.create({ ...sent, customer, due_date: now + day });
  time.advance(2 * day * 1_000);
  expect(await invoices.update(draft.id, { description: 'Late' })).toMatchObject({
    description: 'Late',
    due_date: now + day,
  });
});
