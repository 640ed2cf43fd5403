import { expect, test } from 'vitest';
import { customerWith, draftOf, eventTypes, intentOf, openInvoice } from '../../testing/billing.ts';
import { createManualTime } from '../../testing/manual-time.ts';
import { startReceiver, webhookSecret } from '../../testing/start-receiver.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const hour = 3_600_000;
const day = 24 * hour;
const seconds = (ms: number): number => ms / 1_000;

test('a draft that advances is finalized and charged an hour after its creation', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  const still = await draftOf(started.stripe, customer);
  time.advance(hour - 1);
  expect((await invoices.retrieve(draft.id)).status).toBe('draft');
  time.advance(1);
  const paid = await invoices.retrieve(draft.id);
  expect(paid).toMatchObject({
    amount_paid: 2_000,
    attempt_count: 1,
    automatically_finalizes_at: null,
    status: 'paid',
  });
  expect(paid.status_transitions).toMatchObject({
    finalized_at: draft.created + 3_600,
    paid_at: draft.created + 3_600,
  });
  expect(paid.hosted_invoice_url).toContain(started.url);
  const [last] = (await started.stripe.events.list({ type: 'invoice.paid' })).data;
  expect(last?.request).toEqual({ id: null, idempotency_key: null });
  time.advance(365 * day);
  expect((await invoices.retrieve(still.id)).status).toBe('draft');
});

test('the merchant chooses another time', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  const at = draft.created + 86_400;
  await invoices.update(draft.id, { automatically_finalizes_at: at });
  time.advance(day - 1);
  expect(await invoices.retrieve(draft.id)).toMatchObject({
    automatically_finalizes_at: at,
    status: 'draft',
  });
  time.advance(1);
  expect((await invoices.retrieve(draft.id)).status).toBe('paid');
});

test('an invoice that was finalized by hand is charged an hour later', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const open = await openInvoice(started.stripe, customer, { auto_advance: true });
  expect(open.next_payment_attempt).toBe(open.created + 3_600);
  const byHand = await openInvoice(started.stripe, customer);
  expect(byHand.next_payment_attempt).toBeNull();
  time.advance(hour);
  expect((await invoices.retrieve(open.id)).status).toBe('paid');
  expect((await invoices.retrieve(byHand.id)).status).toBe('open');
});

test('a failed payment is tried again after 3, 5 and 7 days, and then no more', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe, 'pm_card_chargeCustomerFail');
  const { id } = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  time.advance(hour);
  for (const [attempts, days] of [
    [1, 3],
    [2, 5],
    [3, 7],
  ] as const) {
    expect(await invoices.retrieve(id)).toMatchObject({
      attempt_count: attempts,
      next_payment_attempt: seconds(time.clock() + days * day),
      status: 'open',
    });
    time.advance(days * day);
  }
  expect(await invoices.retrieve(id)).toMatchObject({
    attempt_count: 4,
    next_payment_attempt: null,
    status: 'open',
  });
  time.advance(365 * day);
  expect(await eventTypes(started.stripe, 'invoice.payment_failed')).toHaveLength(4);
  const card = await started.stripe.paymentMethods.attach('pm_card_visa', { customer });
  await invoices.pay(id, { payment_method: card.id });
  expect(await invoices.retrieve(id)).toMatchObject({ attempt_count: 4, status: 'paid' });
});

test('a retry finds the new card, and none at all is a failed attempt', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  const { id } = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  time.advance(hour);
  expect(await invoices.retrieve(id)).toMatchObject({ attempt_count: 1, status: 'open' });
  const card = await started.stripe.paymentMethods.attach('pm_card_visa', { customer });
  await customers.update(customer, { invoice_settings: { default_payment_method: card.id } });
  time.advance(3 * day);
  expect(await invoices.retrieve(id)).toMatchObject({ attempt_count: 2, status: 'paid' });
});

test('a method that the invoice does not take is a failed attempt', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { id: customer } = await customerWith(started.stripe, 'pm_usBankAccount_success');
  const { id } = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  time.advance(hour);
  expect(await started.stripe.invoices.retrieve(id)).toMatchObject({
    attempt_count: 1,
    next_payment_attempt: seconds(time.clock() + 3 * day),
    status: 'open',
  });
  expect(await eventTypes(started.stripe, 'invoice.payment_failed')).toHaveLength(1);
});

test('payments by hand leave the schedule of retries as it is', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe, 'pm_card_chargeCustomerFail');
  const { id } = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  time.advance(hour);
  const before = await invoices.retrieve(id);
  time.advance(day);
  await expect(invoices.pay(id)).rejects.toThrow('declined');
  expect(await invoices.retrieve(id)).toEqual(before);
  await invoices.update(id, { auto_advance: false });
  time.advance(30 * day);
  expect(await invoices.retrieve(id)).toMatchObject({
    attempt_count: 1,
    next_payment_attempt: null,
  });
});

test('an invoice to be sent is sent when it is finalized, and overdue once', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const params = { auto_advance: true, collection_method: 'send_invoice', days_until_due: 2 };
  const { id } = await draftOf(started.stripe, customer, [2_000], params);
  const paid = await draftOf(started.stripe, customer, [2_000], params);
  time.advance(hour);
  expect(await invoices.retrieve(id)).toMatchObject({ attempt_count: 0, status: 'open' });
  expect(await eventTypes(started.stripe, 'invoice.sent')).toHaveLength(2);
  await invoices.pay(paid.id);
  time.advance(2 * day);
  await invoices.update(id, { metadata: { noticed: 'yes' } });
  time.advance(30 * day);
  const overdue = (await started.stripe.events.list({ type: 'invoice.overdue' })).data;
  expect(overdue.map(({ data }) => ('id' in data.object ? data.object.id : ''))).toEqual([id]);
});

test('a draft whose creation no endpoint answers waits, for 72 hours at the most', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using started = await startSandbox(time);
  receiver.answerWith(() => 500);
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  const punctual = await draftOf(started.stripe, customer, [2_000], {
    auto_advance: true,
    automatically_finalizes_at: draft.created + 7_200,
  });
  expect(draft.webhooks_delivered_at).toBeNull();
  time.advance(3 * hour);
  expect((await invoices.retrieve(draft.id)).status).toBe('draft');
  expect((await invoices.retrieve(punctual.id)).status).toBe('paid');
  time.advance(68 * hour);
  expect((await invoices.retrieve(draft.id)).status).toBe('draft');
  time.advance(hour);
  expect((await invoices.retrieve(draft.id)).status).toBe('paid');
});

test('a finalization that fails by itself is told of, and not tried again', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const { id } = await draftOf(started.stripe, customer, [100_000_000], { auto_advance: true });
  time.advance(2 * day);
  expect(await invoices.retrieve(id)).toMatchObject({
    automatically_finalizes_at: null,
    last_finalization_error: { code: 'amount_too_large' },
    status: 'draft',
  });
  expect(await eventTypes(started.stripe, 'invoice.finalization_failed')).toHaveLength(1);
});

test('a draft that is deleted in time is forgotten', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const gone = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  const kept = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  await invoices.del(gone.id);
  time.advance(hour);
  expect((await invoices.list()).data.map(({ id, status }) => [id, status])).toEqual([
    [kept.id, 'paid'],
  ]);
});

test('nothing more is collected from a customer that is gone', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [2_000], { auto_advance: true });
  const open = await openInvoice(started.stripe, customer, { auto_advance: true });
  await customers.del(customer);
  time.advance(30 * day);
  expect((await invoices.retrieve(draft.id)).status).toBe('draft');
  expect(await invoices.retrieve(open.id)).toMatchObject({ attempted: false, status: 'open' });
});

test('invoices and what is planned for them survive a restart', async () => {
  using folder = temporaryFolder();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime();
  const first = await startSandbox({ ...time, env });
  const { id: customer } = await customerWith(first.stripe);
  const { id } = await draftOf(first.stripe, customer, [1_000, 2_000], { auto_advance: true });
  const open = await openInvoice(first.stripe, customer, {
    collection_method: 'send_invoice',
    days_until_due: 1,
  });
  const draft = await first.stripe.invoices.retrieve(id);
  const item = draft.lines.data[0]?.parent?.invoice_item_details?.invoice_item ?? '';
  await first.close();

  await using second = await startSandbox({ ...time, env });
  expect(await second.stripe.invoices.retrieve(id)).toEqual(draft);
  await second.stripe.invoiceItems.update(item, { quantity: 2 });
  time.advance(hour);
  expect(await second.stripe.invoices.retrieve(id)).toMatchObject({
    amount_paid: 4_000,
    status: 'paid',
  });
  expect((await intentOf(second.stripe, open.id)).status).toBe('requires_payment_method');
  time.advance(day);
  expect(await eventTypes(second.stripe, 'invoice.overdue')).toHaveLength(1);
});
