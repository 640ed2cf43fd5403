import { expect, test } from 'vitest';
import { openInvoice } from '../../testing/billing.ts';
import { startSandbox, type StartedSandbox } from '../../testing/start-sandbox.ts';

const finalized = async (
  { stripe }: StartedSandbox,
  customer: string,
  currency: string,
  amount: number,
) => {
  const { id } = await stripe.invoices.create({ customer, currency });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, currency });
  return stripe.invoices.finalizeInvoice(id);
};

test('what is carried over counts in the currency of the balance only', async () => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const { id: customer } = await customers.create();
  expect(await finalized(started, customer, 'usd', 1)).toMatchObject({
    ending_balance: 1,
    status: 'paid',
  });
  expect(await customers.retrieve(customer)).toMatchObject({ balance: 1, currency: 'usd' });

  const untouched = { starting_balance: 0, ending_balance: 0, status: 'open' };
  expect(await finalized(started, customer, 'eur', 2_000)).toMatchObject({
    ...untouched,
    amount_due: 2_000,
  });
  expect(await finalized(started, customer, 'isk', 50_000)).toMatchObject({
    ...untouched,
    amount_due: 50_000,
  });
  expect(await customers.retrieve(customer)).toMatchObject({ balance: 1 });
  expect(await finalized(started, customer, 'usd', 2_000)).toMatchObject({
    amount_due: 2_001,
    starting_balance: 1,
  });
});

test('a draft in another currency shows nothing of the balance', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create({ balance: -500 });
  await openInvoice(started.stripe, customer);
  await customers.update(customer, { balance: -500 });
  const { id } = await invoices.create({ customer, currency: 'eur' });
  await invoices.addLines(id, { lines: [{ amount: 2_000 }] });
  expect(await invoices.retrieve(id)).toMatchObject({ amount_due: 2_000, starting_balance: 0 });
});

test.each([
  ['too little to charge', 30],
  ['a credit', -700],
])('%s in another currency is paid, and carried nowhere', async (_, amount) => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const { id: customer } = await customers.create();
  await openInvoice(started.stripe, customer);
  expect(await finalized(started, customer, 'eur', amount)).toMatchObject({
    amount_due: 0,
    ending_balance: 0,
    status: 'paid',
    total: amount,
  });
  expect(await customers.retrieve(customer)).toMatchObject({ balance: 0 });
});

test('what is voided or overpaid in another currency leaves the balance as it is', async () => {
  await using started = await startSandbox();
  const { customers, invoices, paymentIntents } = started.stripe;
  const { id: customer } = await customers.create();
  await openInvoice(started.stripe, customer);
  await customers.update(customer, { balance: -500 });
  const mistake = await finalized(started, customer, 'eur', 2_000);
  await invoices.voidInvoice(mistake.id);
  expect(await customers.retrieve(customer)).toMatchObject({ balance: -500 });

  const { id } = await finalized(started, customer, 'eur', 2_000);
  const more = await paymentIntents.create({
    amount: 2_300,
    currency: 'eur',
    customer,
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  expect(await invoices.attachPayment(id, { payment_intent: more.id })).toMatchObject({
    amount_overpaid: 300,
    status: 'paid',
  });
  expect(await customers.retrieve(customer)).toMatchObject({ balance: -500 });
});
