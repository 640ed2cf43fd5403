import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { customerWith, draftOf, eventTypes, openInvoice } from '../../testing/billing.ts';
import { idOf } from '../../testing/id-of.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

test('an item is a line of its invoice, with a price made for it', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems, prices, products } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await invoices.create({ customer, currency: 'eur' });
  const item = await invoiceItems.create({
    customer,
    invoice: draft.id,
    amount: 3_300,
    currency: 'eur',
    description: 'All resources',
    metadata: { sku: '1' },
  });
  expect(item).toMatchObject({
    object: 'invoiceitem',
    amount: 3_300,
    currency: 'eur',
    customer,
    discountable: true,
    invoice: draft.id,
    quantity: 1,
  });
  const { lines, ...after } = await invoices.retrieve(draft.id);
  expect(after).toMatchObject({ amount_due: 3_300, subtotal: 3_300, total: 3_300 });
  expect(lines.data).toHaveLength(1);
  expect(lines.data[0]).toMatchObject({
    object: 'line_item',
    amount: 3_300,
    description: 'All resources',
    invoice: draft.id,
    metadata: { sku: '1' },
    parent: {
      invoice_item_details: { invoice_item: item.id, proration: false },
      type: 'invoice_item_details',
    },
    pricing: { price_details: item.pricing?.price_details, type: 'price_details' },
    quantity: 1,
    taxes: [],
  });
  const details = item.pricing?.price_details;
  const price = await prices.retrieve(idOf(details?.price ?? null));
  expect(price).toMatchObject({ currency: 'eur', product: details?.product, unit_amount: 3_300 });
  expect(await products.retrieve(String(details?.product))).toMatchObject({
    name: 'All resources',
  });
  expect(await eventTypes(started.stripe, 'invoice')).toEqual([
    'invoice.created',
    'invoiceitem.created',
    'invoice.updated',
  ]);
});

test('an amount is a unit price times a quantity, rounded half up', async () => {
  await using started = await startSandbox();
  const { invoiceItems } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const create = (params: Stripe.InvoiceItemCreateParams) =>
    invoiceItems.create({ customer, currency: 'usd', ...params });
  const decimal = (text: string) => Stripe.Decimal.from(text);

  const metered = await create({ unit_amount_decimal: decimal('0.5'), quantity: 3 });
  expect([metered.amount, metered.quantity]).toEqual([2, 3]);
  const hours = await create({
    unit_amount_decimal: decimal('1000'),
    quantity_decimal: decimal('1.5'),
  });
  expect([hours.amount, hours.quantity, String(hours.quantity_decimal)]).toEqual([1_500, 1, '1.5']);
  const credit = await create({ amount: -500 });
  expect([credit.amount, credit.discountable]).toEqual([-500, false]);

  const changed = await invoiceItems.update(metered.id, { quantity: 5 });
  expect([changed.amount, changed.quantity]).toEqual([3, 5]);
  const replaced = await invoiceItems.update(metered.id, { amount: 700 });
  expect([replaced.amount, replaced.quantity]).toEqual([700, 1]);
});

test('a price gives its line the name of its product', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems, prices, products } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const product = await products.create({ name: 'Membership' });
  const price = await prices.create({ product: product.id, currency: 'usd', unit_amount: 250 });
  const draft = await invoices.create({ customer });
  await invoiceItems.create({
    customer,
    invoice: draft.id,
    pricing: { price: price.id },
    quantity: 2,
  });
  const { lines } = await invoices.addLines(draft.id, {
    lines: [
      {
        price_data: { currency: 'usd', product_data: { name: 'Coffee' }, unit_amount: 400 },
        quantity: 3,
      },
    ],
  });
  expect(
    lines.data.map(({ amount, description, quantity }) => [description, quantity, amount]),
  ).toEqual([
    ['Membership', 2, 500],
    ['Coffee', 3, 1_200],
  ]);
  expect(lines.data[0]?.pricing?.price_details).toEqual({ price: price.id, product: product.id });
  expect((await invoices.retrieve(draft.id)).total).toBe(1_700);
});

test('lines are added, changed and removed together', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const pending = await invoiceItems.create({ customer, amount: 50, currency: 'usd' });
  const draft = await invoices.create({ customer });
  const added = await invoices.addLines(draft.id, {
    lines: [{ amount: 100, description: 'One' }, { invoice_item: pending.id }, { amount: 300 }],
    invoice_metadata: { order: '7' },
  });
  expect(added).toMatchObject({ total: 450, metadata: { order: '7' } });
  const [one, two, three] = added.lines.data.map(({ id }) => id);
  if (one === undefined || two === undefined || three === undefined) throw new Error('No lines');

  const changed = await invoices.updateLines(draft.id, {
    lines: [{ id: one, amount: 150, description: 'First' }],
  });
  expect(changed).toMatchObject({ total: 500, lines: { data: [{ id: one }, {}, {}] } });
  const removed = await invoices.removeLines(draft.id, {
    lines: [
      { id: two, behavior: 'unassign' },
      { id: three, behavior: 'delete' },
    ],
  });
  expect(removed).toMatchObject({ total: 150, lines: { data: [{ description: 'First' }] } });
  expect((await invoiceItems.list({ pending: true })).data.map(({ id }) => id)).toEqual([
    pending.id,
  ]);
});

test('an invoice shows its first 10 lines, lists them all, and holds 250', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await invoices.create({ customer });
  const lines = Array.from({ length: 250 }, (_, index) => ({ amount: index }));
  const full = await invoices.addLines(draft.id, { lines });
  expect([full.lines.data.length, full.lines.has_more]).toEqual([10, true]);
  expect(full.total).toBe((249 * 250) / 2);
  const listed = await invoices.listLineItems(draft.id).autoPagingToArray({ limit: 300 });
  expect(listed.map(({ amount }) => amount)).toEqual(lines.map(({ amount }) => amount));
  const failure = await failureOf(invoices.addLines(draft.id, { lines: [{ amount: 1 }] }));
  expect(failure.message).toContain('up to 250 items');
  expect((await invoices.retrieve(draft.id)).total).toBe(full.total);
});

test('items are deleted with their line, and never once their invoice is finalized', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [100, 200]);
  const [second, first] = (await invoiceItems.list({ invoice: draft.id })).data;
  if (first === undefined || second === undefined) throw new Error('No items');
  await invoiceItems.del(first.id);
  expect(await invoices.retrieve(draft.id)).toMatchObject({ total: 200, lines: { data: [{}] } });
  expect((await failureOf(invoiceItems.retrieve(first.id))).statusCode).toBe(404);

  await invoices.finalizeInvoice(draft.id);
  const refusals = await Promise.all(
    [
      invoiceItems.update(second.id, { amount: 1 }),
      invoiceItems.del(second.id),
      invoiceItems.create({ customer, invoice: draft.id, amount: 1 }),
      invoices.addLines(draft.id, { lines: [{ amount: 1 }] }),
    ].map(async (call) => (await failureOf(call)).message),
  );
  expect(refusals).toEqual([
    'This invoice item is already attached to an invoice that is no longer editable',
    "Can't delete an invoice item that is attached to an invoice that is no longer editable",
    'Invalid invoice: This invoice is no longer editable',
    'Invalid invoice: This invoice is no longer editable',
  ]);
});

test('the items of a deleted draft stay with it', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer);
  const [item] = (await invoiceItems.list({ invoice: draft.id })).data;
  expect(await invoices.del(draft.id)).toEqual({ id: draft.id, object: 'invoice', deleted: true });
  expect((await failureOf(invoices.retrieve(draft.id))).statusCode).toBe(404);
  expect((await invoiceItems.list({ pending: true })).data).toEqual([]);
  expect((await failureOf(invoiceItems.update(item?.id ?? '', { amount: 1 }))).message).toBe(
    'This invoice item has been deleted.',
  );
});

test('what does not fit is refused', async () => {
  await using started = await startSandbox();
  const { invoices, invoiceItems } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const { id: stranger } = await customerWith(started.stripe);
  const { id: invoice } = await invoices.create({ customer });
  const open = await openInvoice(started.stripe, customer);
  const create = (params: Stripe.InvoiceItemCreateParams) =>
    failureOf(invoiceItems.create({ customer, currency: 'usd', ...params }));
  const failures = await Promise.all([
    create({}),
    create({ amount: 1, quantity: 2 }),
    create({ amount: 1, unit_amount_decimal: Stripe.Decimal.from('1') }),
    create({ unit_amount_decimal: Stripe.Decimal.from('1'), quantity: -1 }),
    create({ amount: 1, currency: 'eur', invoice }),
    create({ amount: 1, invoice, customer: stranger }),
    create({ amount: 1, invoice: open.id }),
    create({ amount: 1, invoice: 'in_none' }),
    create({ pricing: { price: 'price_none' } }),
    create({ amount: 1_000_000_000_000 }),
  ]);
  expect(failures.map(({ param, message }) => [param, message])).toEqual([
    ['amount', expect.stringContaining('one of amount')],
    ['amount', 'You may only specify one of these parameters: amount, quantity.'],
    ['amount', 'You may only specify one of these parameters: amount, unit_amount_decimal.'],
    ['quantity', 'Invalid non-negative integer'],
    ['currency', expect.stringContaining('You cannot combine currencies on a single invoice.')],
    ['invoice', expect.stringContaining('different customer')],
    ['invoice', 'Invalid invoice: This invoice is no longer editable'],
    ['invoice', "No such invoice: 'in_none'"],
    ['pricing[price]', "No such price: 'price_none'"],
    ['amount', expect.stringContaining('Amount must be no more than')],
  ]);
  expect((await invoiceItems.list({ pending: true })).data).toEqual([]);
});
