import { expect, test } from 'vitest';
import { customerWith, draftOf, eventTypes, openInvoice } from '../../testing/billing.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

test('a new invoice is an empty draft that nothing happens to', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const customer = await customerWith(started.stripe);
  const draft = await invoices.create({ customer: customer.id });
  expect(draft).toMatchObject({
    object: 'invoice',
    amount_due: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    currency: 'usd',
    customer: customer.id,
    customer_email: 'ada@example.com',
    customer_name: 'Ada',
    due_date: null,
    effective_at: null,
    ending_balance: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    lines: { data: [], has_more: false },
    next_payment_attempt: null,
    number: null,
    parent: null,
    status: 'draft',
  });
  expect(draft.id).toMatch(/^in_[0-9A-Za-z]{24}$/);
  expect(draft).not.toHaveProperty('payments');
  expect(draft).not.toHaveProperty('confirmation_secret');
  expect(await invoices.retrieve(draft.id)).toEqual(draft);
  expect(await eventTypes(started.stripe, 'invoice')).toEqual(['invoice.created']);
});

test('automatic collection is planned for an hour after the creation, and called off', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const charged = await invoices.create({ customer, auto_advance: true });
  const planned = {
    automatically_finalizes_at: charged.created + 3_600,
    next_payment_attempt: charged.created + 3_600,
  };
  expect(charged).toMatchObject(planned);
  expect(await invoices.update(charged.id, { auto_advance: false })).toMatchObject({
    automatically_finalizes_at: null,
    next_payment_attempt: null,
  });
  expect(await invoices.update(charged.id, { auto_advance: true })).toMatchObject(planned);

  const sent = await invoices.create({
    customer,
    auto_advance: true,
    collection_method: 'send_invoice',
    days_until_due: 7,
  });
  expect(sent).toMatchObject({
    automatically_finalizes_at: sent.created + 3_600,
    due_date: sent.created + 7 * 86_400,
    next_payment_attempt: null,
  });
});

test('a draft follows its customer until it is finalized', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer);
  await customers.update(customer, { name: 'Bob', balance: -500 });
  expect(await invoices.retrieve(draft.id)).toMatchObject({
    amount_due: 1_500,
    customer_name: 'Bob',
    starting_balance: -500,
  });
  await invoices.finalizeInvoice(draft.id);
  await customers.update(customer, { name: 'Eve' });
  expect((await invoices.retrieve(draft.id)).customer_name).toBe('Bob');
});

test('the first currency that a customer is billed in becomes the default', async () => {
  await using started = await startSandbox();
  const { customers, invoiceItems, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  expect((await invoices.create({ customer, currency: 'eur' })).currency).toBe('eur');
  expect((await invoices.create({ customer })).currency).toBe('eur');
  expect((await invoiceItems.create({ customer, amount: 100 })).currency).toBe('eur');
  expect(await customers.retrieve(customer)).toMatchObject({ currency: 'eur' });
});

test('what is wrong is named', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const { id: stranger } = await customerWith(started.stripe, 'pm_card_mastercard');
  const { data } = await started.stripe.customers.listPaymentMethods(stranger);
  const failures = await Promise.all(
    [
      invoices.create(),
      invoices.create({ customer: 'cus_none' }),
      invoices.create({ customer, currency: 'xxx' }),
      invoices.create({ customer, default_payment_method: data[0]?.id ?? '' }),
      invoices.create({ customer, default_payment_method: 'pm_none' }),
      invoices.create({ customer, days_until_due: 3 }),
      invoices.create({ customer, collection_method: 'send_invoice' }),
      invoices.create({ customer, discounts: [{ coupon: 'free' }] }),
      invoices.list({ status: 'unpaid' }),
      invoices.retrieve('in_none'),
    ].map(async (call) => {
      const { message, param, statusCode } = await failureOf(call);
      return [statusCode, param, message];
    }),
  );
  expect(failures).toEqual([
    [400, 'customer', 'Missing required param: customer.'],
    [400, 'customer', "No such customer: 'cus_none'"],
    [400, 'currency', expect.stringContaining('Invalid currency: xxx.')],
    [
      400,
      'default_payment_method',
      expect.stringContaining('The payment method must be attached to the customer.'),
    ],
    [400, 'default_payment_method', "No such PaymentMethod: 'pm_none'"],
    [
      400,
      undefined,
      "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
    ],
    [
      400,
      undefined,
      "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
    ],
    [400, 'discounts', 'The sandbox does not emulate this parameter.'],
    [400, 'status', 'Invalid status: must be one of draft, open, void, paid, or uncollectible'],
    [404, 'id', "No such invoice: 'in_none'"],
  ]);
});

test('pending items come along only when they are asked for', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const first = await invoiceItems.create({ customer, amount: 100, currency: 'usd' });
  const second = await invoiceItems.create({ customer, amount: 200, currency: 'usd' });
  const euros = await invoiceItems.create({ customer, amount: 300, currency: 'eur' });
  expect((await invoices.create({ customer })).lines.data).toEqual([]);
  const draft = await invoices.create({ customer, pending_invoice_items_behavior: 'include' });
  expect(draft.total).toBe(300);
  expect(draft.lines.data.map(({ parent }) => parent?.invoice_item_details?.invoice_item)).toEqual([
    second.id,
    first.id,
  ]);
  const pending = await invoiceItems.list({ pending: true });
  expect(pending.data.map(({ id }) => id)).toEqual([euros.id]);
  expect((await invoiceItems.retrieve(first.id)).invoice).toBe(draft.id);
});

test('is changed while it is a draft; later only its metadata, its collection and its card', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer);
  const changes = {
    custom_fields: [{ name: 'Order', value: '7' }],
    description: 'Thank you',
    footer: 'Sandbox Ltd',
    metadata: { order: '7' },
  };
  expect(await invoices.update(draft.id, changes)).toMatchObject(changes);
  const [updated] = (await started.stripe.events.list({ type: 'invoice.updated' })).data;
  expect(updated?.data.previous_attributes).toEqual({
    custom_fields: null,
    description: null,
    footer: null,
    metadata: { order: null },
  });

  await invoices.finalizeInvoice(draft.id);
  expect(await failureOf(invoices.update(draft.id, { description: 'No' }))).toMatchObject({
    message: "Finalized invoices can't be updated in this way",
    param: 'description',
  });
  const open = await invoices.update(draft.id, { auto_advance: true, metadata: { order: '8' } });
  expect(open).toMatchObject({ metadata: { order: '8' }, description: 'Thank you' });
  expect(open.next_payment_attempt).not.toBeNull();
  await invoices.voidInvoice(draft.id);
  expect(await failureOf(invoices.update(draft.id, { auto_advance: true }))).toMatchObject({
    param: 'auto_advance',
  });
});

test('lists by customer, status, collection method and due date, and searches', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const [{ id: ada }, { id: bob }] = [
    await customerWith(started.stripe),
    await customerWith(started.stripe),
  ];
  const draft = await draftOf(started.stripe, ada);
  const open = await openInvoice(started.stripe, ada, { metadata: { order: '7' } });
  const sent = await openInvoice(started.stripe, bob, {
    collection_method: 'send_invoice',
    days_until_due: 1,
  });
  const ids = async (params: Parameters<typeof invoices.list>[0]): Promise<string[]> =>
    (await invoices.list(params)).data.map(({ id }) => id);
  expect(await ids({})).toEqual([sent.id, open.id, draft.id]);
  expect(await ids({ limit: 1, starting_after: sent.id })).toEqual([open.id]);
  expect(await ids({ customer: ada })).toEqual([open.id, draft.id]);
  expect(await ids({ status: 'draft' })).toEqual([draft.id]);
  expect(await ids({ collection_method: 'send_invoice' })).toEqual([sent.id]);
  expect(await ids({ due_date: { gte: sent.created + 86_400 } })).toEqual([sent.id]);
  expect(await ids({ due_date: { gt: sent.created + 86_400 } })).toEqual([]);
  const found = await invoices.search({ query: 'metadata["order"]:"7" AND status:"open"' });
  expect(found.data.map(({ id }) => id)).toEqual([open.id]);
});
