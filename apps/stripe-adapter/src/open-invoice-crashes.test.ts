import type { Observation } from '@quittance/contracts';
import { createTestClock } from '@quittance/testing';
import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { mixedLines, onlyInvoice, orderOf, withInvoiceAdapter } from './invoice-under-test.ts';

const count = async (stripe: Stripe, type: string): Promise<number> =>
  (await stripe.events.list({ type, limit: 100 })).data.length;

const steps = [
  'POST /v1/invoices',
  'POST /v1/invoices/*/add_lines',
  'POST /v1/invoices/*/finalize',
];

const crashes = steps.flatMap((call) =>
  (['drop_before', 'drop_after'] as const).flatMap((fault) =>
    [0, 25].map((hours) => ({ call, fault, hours })),
  ),
);

const isMadeOnce = async (stripe: Stripe, { ref }: Observation): Promise<void> => {
  const invoice = await onlyInvoice(stripe);
  expect(invoice).toMatchObject({ id: ref, amount_due: 3000 });
  expect(invoice.status).not.toBe('draft');
  expect(invoice.lines.data).toHaveLength(mixedLines.length);
  expect(await count(stripe, 'invoice.created')).toBe(1);
  expect(await count(stripe, 'invoice.finalized')).toBe(1);
  expect(await count(stripe, 'invoiceitem.created')).toBe(mixedLines.length);
};

test.each(crashes)(
  '$fault at $call, gone on with $hours h later, ends in one invoice with its lines',
  async ({ call, fault, hours }) => {
    const clock = createTestClock();
    await withInvoiceAdapter(
      async ({ provider, stripe, fail }) => {
        const createdAt = new Date(clock.now()).toISOString();
        const order = { ...orderOf({ lines: mixedLines }), createdAt };
        await fail(call, fault, fault, fault);
        await expect(provider.open(order)).rejects.toMatchObject({ code: 'outcome_unknown' });
        const isWhole = call.endsWith('finalize') && fault === 'drop_after';
        const { observations } = await provider.find({ by: 'open', open: order });
        expect(observations).toHaveLength(isWhole ? 1 : 0);

        clock.advance(hours * 3_600_000);
        const { observation } = await provider.open({ ...order, mayBeOpen: true });
        await isMadeOnce(stripe, observation);
      },
      { clock: clock.now },
    );
  },
);

test.each(
  steps.flatMap((call) =>
    (['server_error', 'server_error_after'] as const).map((fault) => ({ call, fault })),
  ),
)('$fault at $call, which Stripe keeps under the key, is got over at once', ({ call, fault }) =>
  withInvoiceAdapter(async ({ provider, stripe, fail }) => {
    await fail(call, fault);
    await isMadeOnce(stripe, (await provider.open(orderOf({ lines: mixedLines }))).observation);
  }),
);

test('six at once with one key, as after a crash, make one invoice', () =>
  withInvoiceAdapter(async ({ provider, stripe }) => {
    const order = orderOf({ lines: mixedLines });
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, n) => provider.open({ ...order, mayBeOpen: n % 2 === 0 })),
    );
    const { id, lines: made } = await onlyInvoice(stripe);
    expect(results.map(({ observation }) => observation.ref)).toEqual(results.map(() => id));
    expect(made.data).toHaveLength(mixedLines.length);
  }));

test('a user’s customer who is gone is replaced, also when the invoice was half-made', () =>
  withInvoiceAdapter(async ({ provider, stripe, fail }) => {
    const gone = (await stripe.customers.create()).id;
    await stripe.customers.del(gone);
    const order = orderOf({ lines: mixedLines });
    const open = (ref: string | null) =>
      provider.open({ ...order, mayBeOpen: true, customer: { ...order.customer, ref } });
    await fail('POST /v1/invoices/*/add_lines', 'drop_after', 'drop_after', 'drop_after');
    await expect(open(gone)).rejects.toMatchObject({ code: 'outcome_unknown' });
    const { customerRef } = await open(gone);
    expect(customerRef).not.toBe(gone);
    await open(customerRef);
    await open(null);
    expect(await onlyInvoice(stripe)).toMatchObject({ customer: customerRef, amount_due: 3000 });
  }));

test('lines that are still on their way are not sent again under another key', () =>
  withInvoiceAdapter(async ({ provider, stripe, slowDown }) => {
    const order = orderOf({ lines: mixedLines, draft: true });
    await slowDown('POST /v1/invoices/*/add_lines', 400);
    const first = provider.open(order);
    while ((await stripe.invoices.list()).data.length === 0);
    const second = await provider.open({ ...order, mayBeOpen: true });
    expect((await first).observation.ref).toBe(second.observation.ref);
    expect((await onlyInvoice(stripe)).lines.data).toHaveLength(mixedLines.length);
  }));
