import { expect, test } from 'vitest';
import { bitsbyKey, bitsbyProjectId, startBitsby } from '../testing/bitsby.ts';
import { createManualTime } from '../testing/manual-time.ts';

const hour = 3_600_000;
const project = {
  apiKey: bitsbyKey,
  name: 'My project',
  webhookUrl: 'https://shop.example/hook',
  commissionPayer: 'buyer',
};

test('projects are made, changed and listed, each in its account', async () => {
  await using bitsby = await startBitsby();
  const made = { status: 200, body: { id: bitsbyProjectId, ...project } };
  const put = (body: object, id = bitsbyProjectId) =>
    bitsby.control('PUT', `/projects/${id}`, body);
  expect(await put(project)).toEqual(made);
  expect(await put(project, bitsbyProjectId.toUpperCase())).toEqual(made);
  expect(await bitsby.control('GET', '/projects')).toEqual({
    status: 200,
    body: { projects: [made.body] },
  });
  expect(await put({ ...project, apiKey: 'another0account0key' })).toEqual({
    status: 400,
    body: { error: { message: 'id is the project of another account', issues: [] } },
  });
  expect(await put(project, 'shop')).toMatchObject({ status: 400 });
});

test.each([
  ['/projects/9deea1e2-0c08-41a3-bdc2-a34eada3892d', { ...project, apiKey: 'short' }, 'apiKey'],
  ['/projects/9deea1e2-0c08-41a3-bdc2-a34eada3892d', { ...project, name: '' }, 'name'],
  [
    '/projects/9deea1e2-0c08-41a3-bdc2-a34eada3892d',
    { ...project, webhookUrl: 'ftp://x' },
    'webhookUrl',
  ],
  [
    '/projects/9deea1e2-0c08-41a3-bdc2-a34eada3892d',
    { ...project, commissionPayer: 'nobody' },
    'commissionPayer',
  ],
  ['/rates', { fiat: { EUR: 1.1 } }, 'fiat.EUR'],
  ['/rates', { fiat: { EUR: '0' } }, 'fiat.EUR'],
  ['/rates', { fiat: { USD: '2' } }, 'fiat.USD'],
  ['/rates', { crypto: { btc: '1.123456789' } }, 'crypto.btc'],
  ['/rates', { crypto: { doge: '1' } }, 'crypto'],
  ['/settings', { createAnswer: 'a' }, 'createAnswer'],
  ['/settings', { rateLimit: 'off' }, 'rateLimit'],
  ['/balance', { apiKey: bitsbyKey, internal: '1.234' }, 'internal'],
])('PUT %s %j is refused for %s', async (path, body, param) => {
  await using bitsby = await startBitsby();
  const answer = await bitsby.control('PUT', path, body);
  expect(answer).toMatchObject({ status: 400, body: { error: { issues: [{ param }] } } });
});

test('rates move one by one, and new invoices follow them', async () => {
  await using bitsby = await startBitsby();
  const initial = {
    fiat: { USD: '1', EUR: '1.0853', RUB: '0.011' },
    crypto: { usdt: '1', eth: '3473.9', btc: '62960' },
  };
  expect(await bitsby.control('GET', '/rates')).toEqual({ status: 200, body: initial });
  await bitsby.control('PUT', '/rates', { crypto: { usdt: '0.998' } });
  const moved = await bitsby.control('PUT', '/rates', { fiat: { EUR: '1.2' } });
  expect(moved.body).toEqual({
    fiat: { ...initial.fiat, EUR: '1.2' },
    crypto: { ...initial.crypto, usdt: '0.998' },
  });
  const { amountFiatUSD, wallets } = await bitsby.create();
  expect([amountFiatUSD, wallets[0]?.amountCrypto]).toEqual(['12.66', '12.69000000']);
});

test('settings go back to those of the start where they are left out', async () => {
  await using bitsby = await startBitsby();
  const initial = { createAnswer: 'amounts_and_wallets', webhookBody: 'newest', rateLimit: true };
  const older = { ...initial, webhookBody: 'older' };
  expect((await bitsby.control('PUT', '/settings', { webhookBody: 'older' })).body).toEqual(older);
  expect((await bitsby.control('GET', '/settings')).body).toEqual(older);
  expect((await bitsby.control('PUT', '/settings', {})).body).toEqual(initial);
});

const page = async (url: string): Promise<string> => (await fetch(url)).text();

test('the payment page shows what is to be paid where, and each look counts', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const { id, uid, url, wallets } = await bitsby.create({
    description: '<script>alert(1)</script>',
    serviceData: 'not for the buyer',
  });
  time.advance(hour + 1_000);
  const shown = await page(url);
  for (const text of ['10.55 EUR', '&lt;script&gt;alert', '>04:59:59<', 'data-seconds="17999"']) {
    expect(shown).toContain(text);
  }
  for (const { name, amountCrypto } of wallets) {
    expect(shown).toContain(`<h2>${name}</h2>`);
    expect(shown).toContain(amountCrypto);
  }
  expect(shown.match(/<svg /g)).toHaveLength(wallets.length);
  expect(shown).not.toContain('not for the buyer');
  expect(await bitsby.control('GET', `/invoices/${uid}`)).toMatchObject({
    status: 200,
    body: { invoice: { id, views: 1, status: 'unpaid' }, wallets, payments: [] },
  });
  await page(url);
  expect(await bitsby.data('/invoices/list')).toMatchObject([{ views: 2 }]);
  expect((await fetch(`${url}x`)).status).toBe(404);
});

test('its buttons pay, and bind what was not matched', async () => {
  await using bitsby = await startBitsby();
  const { uid, url } = await bitsby.create();
  const press = (action: string, fields: Record<string, string>): Promise<Response> =>
    fetch(`${bitsby.started.url}/_sandbox/bitsby/invoices/${uid}/${action}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    });
  expect(await page(url)).toContain(`action="/_sandbox/bitsby/invoices/${uid}/pay"`);
  const less = await press('pay', { wallet: 'eth', amount: 'short' });
  expect([less.status, less.headers.get('location')]).toEqual([303, `/invoices/pay/${uid}`]);
  const paymentId = /name="paymentId" value="([^"]+)"/.exec(await page(url))?.[1] ?? '';
  expect((await press('bind', { paymentId: uid })).status).toBe(400);
  expect((await press('bind', { paymentId })).status).toBe(303);
  const paid = await page(url);
  expect(paid).toContain('>paid<');
  expect(paid).not.toContain('<button');
  const again = await press('bind', { paymentId });
  expect(again.status).toBe(400);
  expect(await again.text()).toContain('payment is already bound');
});

test('it says that an invoice has expired, or is canceled', async () => {
  const time = createManualTime();
  await using bitsby = await startBitsby(time);
  const [expired, canceled] = [await bitsby.create({ timeToPay: '1' }), await bitsby.create()];
  await bitsby.data('/invoices/cancel', { invoiceId: canceled.id });
  time.advance(hour);
  const late = await page(expired.url);
  for (const text of ['>expired<', 'Pay too late']) expect(late).toContain(text);
  expect(late).not.toContain('Time left');
  const over = await page(canceled.url);
  expect(over).toContain('>canceled<');
  expect(over).not.toContain('<button');
});

test('an empty call pays exactly; what there is not is 404', async () => {
  await using bitsby = await startBitsby();
  const { uid } = await bitsby.create();
  const base = `${bitsby.started.url}/_sandbox/bitsby/invoices`;
  const headers = { accept: 'application/json' };
  const paid = await fetch(`${base}/${uid}/pay`, { method: 'POST', headers });
  expect(await paid.json()).toMatchObject({ invoice: { uid, status: 'paid' } });
  expect((await fetch(`${base}/none/pay`, { method: 'POST', headers })).status).toBe(404);
  expect((await fetch(`${base}/none`, { headers })).status).toBe(404);
  expect(await bitsby.control('GET', '/invoices')).toMatchObject({
    body: { invoices: [{ invoice: { uid }, payments: [{ isBound: true }] }] },
  });
});

test('the index shows operations, invoices and projects', async () => {
  await using bitsby = await startBitsby();
  const { uid } = await bitsby.create();
  const index = await page(`${bitsby.started.url}/_sandbox`);
  for (const text of ['POST /billing/tarrifs', `href="/invoices/pay/${uid}"`, bitsbyProjectId]) {
    expect(index).toContain(text);
  }
});
