import { PDFDocument } from '@cantoo/pdf-lib';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { customerWith, draftOf, openInvoice } from '../testing/billing.ts';
import { pdfTexts } from '../testing/pdf-text.ts';
import { startSandbox, type StartedSandbox } from '../testing/start-sandbox.ts';

const hosted = async (started: StartedSandbox): Promise<{ id: string; path: string }> => {
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, [1_250, -300], {
    description: '<script>alert(1)</script>',
    footer: 'Danke für Ihren Einkauf',
  });
  await started.stripe.invoices.addLines(draft.id, {
    lines: [
      {
        price_data: { currency: 'usd', product_data: { name: 'Кофе & Tee' }, unit_amount: 500 },
        quantity: 3,
      },
    ],
  });
  const { hosted_invoice_url: url } = await started.stripe.invoices.finalizeInvoice(draft.id);
  expect(url).toContain(`${started.url}/_sandbox/stripe/invoices/`);
  return { id: draft.id, path: new URL(url ?? '').pathname };
};

const act = (started: StartedSandbox, path: string, action: string): Promise<Response> =>
  started.call('POST', `${path}/${action}`, { headers: { accept: 'application/json' } });

test('shows lines, sums and status with everything escaped, and buttons', async () => {
  await using started = await startSandbox();
  const { id, path } = await hosted(started);
  const answer = await started.call('GET', path);
  const page = await answer.text();
  const { number } = await started.stripe.invoices.retrieve(id);
  for (const text of [
    number ?? '',
    '24.50 USD',
    '-3.00 USD',
    '15.00 USD',
    'Кофе &amp; Tee',
    'open',
  ])
    expect(page).toContain(text);
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script>');
  expect(page).toContain(`action="${path}/pay"`);
  expect(page).toContain(`href="${path}/pdf"`);
});

test.each([
  [['pay'], 'paid'],
  [['decline'], 'open'],
  [['decline', 'pay'], 'paid'],
  [['require-authentication', 'authenticate'], 'paid'],
  [['require-authentication', 'fail-authentication'], 'open'],
])('%j leaves the invoice %s', async (actions, status) => {
  await using started = await startSandbox();
  const { id, path } = await hosted(started);
  for (const action of actions) expect((await act(started, path, action)).status).toBe(200);
  expect(await started.stripe.invoices.retrieve(id)).toMatchObject({ status, attempt_count: 1 });
  const page = await (await started.call('GET', path)).text();
  expect(page.includes('<button')).toBe(status === 'open');
});

test('a browser is sent back to the page', async () => {
  await using started = await startSandbox();
  const { path } = await hosted(started);
  const answer = await started.call('POST', `${path}/pay`);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
  expect((await act(started, path, 'pay')).status).toBe(400);
});

test('a second click on Pay leads back to the page, which says that it is paid', async () => {
  await using started = await startSandbox();
  const { path } = await hosted(started);
  await started.call('POST', `${path}/pay`);
  const again = await started.call('POST', `${path}/pay`);
  expect([again.status, again.headers.get('location')]).toEqual([303, path]);
  expect(await again.text()).not.toContain('secret');
  expect(await (await started.call('GET', path)).text()).toContain('>paid<');
});

test('long names may be broken, amounts may not, and a unit has its price', async () => {
  await using started = await startSandbox();
  const { invoiceItems, invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer, []);
  const long = 'x'.repeat(200);
  await invoiceItems.create({
    customer,
    invoice: draft.id,
    currency: 'usd',
    description: `${long}\nsecond line`,
    quantity: 200,
    unit_amount_decimal: Stripe.Decimal.from('12.5'),
  });
  const { hosted_invoice_url: url } = await invoices.finalizeInvoice(draft.id);
  const page = await (await fetch(url ?? '')).text();
  expect(page).toMatch(/\.lines \{ overflow-wrap: anywhere/);
  expect(page).toMatch(/\.amount \{ white-space: nowrap/);
  expect(page).toMatch(/\.text \{ white-space: pre-line/);
  expect(page).toContain('<table class="lines">');
  expect(page).toContain(`<td class="text">${long}\nsecond line</td>`);
  for (const cell of ['200', '0.125 USD', '25.00 USD']) {
    expect(page).toContain(`<td class="amount">${cell}</td>`);
  }
});

test('only the whole link opens the page, and a draft has none', async () => {
  await using started = await startSandbox();
  const { id, path } = await hosted(started);
  for (const wrong of [`/_sandbox/stripe/invoices/${id}/guess`, `${path}x`, path.slice(0, -1)]) {
    expect((await started.call('GET', wrong)).status).toBe(404);
    expect((await started.call('GET', `${wrong}/pdf`)).status).toBe(404);
    expect((await act(started, wrong, 'pay')).status).toBe(404);
  }
});

test('the PDF holds number, status, every line and the sums as text', async () => {
  await using started = await startSandbox();
  const { id, path } = await hosted(started);
  const answer = await started.call('GET', `${path}/pdf`);
  const { number } = await started.stripe.invoices.retrieve(id);
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  expect(answer.headers.get('content-disposition')).toBe(
    `attachment; filename="Invoice-${number}.pdf"`,
  );
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const document = await PDFDocument.load(bytes);
  expect([document.getPageCount(), document.getTitle()]).toEqual([1, `Invoice ${number}`]);
  const texts = pdfTexts(bytes);
  for (const text of [
    'Invoice',
    number ?? '',
    'open',
    'Ada, ada@example.com',
    '12.50',
    '-3.00',
    '???? & Tee',
    '15.00',
    '24.50 USD',
    'Danke für Ihren Einkauf',
  ]) {
    expect(texts).toContain(text);
  }
  await started.stripe.invoices.pay(id);
  const paid = new Uint8Array(await (await started.call('GET', `${path}/pdf`)).arrayBuffer());
  expect(pdfTexts(paid)).toContain('paid');
});

test('a long invoice goes on over pages', async () => {
  await using started = await startSandbox();
  const { invoices } = started.stripe;
  const { id: customer } = await customerWith(started.stripe);
  const { id } = await invoices.create({ customer });
  const long = 'a long description of what was bought '.repeat(8);
  const lines = Array.from({ length: 120 }, (_, index) => ({
    amount: 100,
    description: `Line ${index}: ${long}`,
  }));
  await invoices.addLines(id, { lines });
  const { invoice_pdf: url } = await invoices.finalizeInvoice(id);
  const bytes = new Uint8Array(await (await fetch(url ?? '')).arrayBuffer());
  expect((await PDFDocument.load(bytes)).getPageCount()).toBeGreaterThan(5);
  const texts = pdfTexts(bytes).filter((text) => text.startsWith('Line '));
  expect(texts).toHaveLength(120);
});

test('long texts are broken at spaces, and words only where they must be', async () => {
  await using started = await startSandbox();
  const { customers, invoices } = started.stripe;
  const { id: customer } = await customers.create();
  const { id } = await invoices.create({ customer });
  await invoices.addLines(id, {
    lines: [
      { amount: 100, description: 'lorem ipsum '.repeat(20) },
      { amount: 200, description: 'x'.repeat(200) },
    ],
  });
  const { invoice_pdf: url } = await invoices.finalizeInvoice(id);
  const texts = pdfTexts(new Uint8Array(await (await fetch(url ?? '')).arrayBuffer()));
  const words = texts.filter((text) => text.includes('lorem'));
  expect(words.length).toBeGreaterThan(1);
  for (const line of words) expect(line).toMatch(/^(ipsum )?(lorem ipsum ?)*(lorem ?)?$/);
  const letters = texts.filter((text) => /^x+$/.test(text));
  expect(letters.length).toBeGreaterThan(1);
  expect(letters.join('')).toHaveLength(200);
});

test('the index links to recent invoices', async () => {
  await using started = await startSandbox();
  const { path } = await hosted(started);
  const { id: customer } = await customerWith(started.stripe);
  const draft = await draftOf(started.stripe, customer);
  await openInvoice(started.stripe, customer);
  const index = await (await started.call('GET', '/_sandbox')).text();
  expect(index).toContain(`href="${path}"`);
  expect(index).toContain(draft.id);
});
