import { Seed001Created, Seed001Seen } from '@quittance/contracts/seed-001';
import { describe, expect, test } from 'vitest';
import { openGateway } from '../../gateway-under-test.ts';
import { aTelegramInvoice } from '../../telegram-under-test.ts';
import { commands, order, question, sendGet } from './requests-under-test.ts';

const query =
  '?text=%7B%22invoiceId%22%3A%22invoice-JJD0EOPJ%22%2C%22title%22%3A%22Test%20Payment%22%2C%22amount%22%3A%2210%22%7D';

/** Where both commands say that the QR code is. */
const qrCodeOf = async (
  settings: Parameters<typeof openGateway>[0],
  headers: Record<string, string> = {},
): Promise<string> => {
  const gateway = openGateway(settings);
  const { body } = await sendGet(gateway, `${commands}/new-invoice`, order, headers);
  const { qrCode } = Seed001Created.parse(body).invoice;
  const seen = await sendGet(gateway, `${commands}/invoice-status`, question, headers);
  expect(Seed001Seen.parse(seen.body).invoice.qrCode).toBe(qrCode);
  return qrCode;
};

test.each([
  ['https://pay.example', 'https://pay.example/v2/qr'],
  ['https://pay.example/', 'https://pay.example/v2/qr'],
  ['https://pay.example:8443/hub//', 'https://pay.example:8443/hub/v2/qr'],
])('the gateway at %s draws it', async (publicUrl, url) => {
  const forwarded = { 'x-forwarded-host': 'evil.example' };
  expect(await qrCodeOf({ publicUrl, trustProxy: true }, forwarded)).toBe(`${url}${query}`);
});

test.each([
  ['https://quickchart.io/qr', `https://quickchart.io/qr${query}`],
  ['https://qr.example/?size=300', `https://qr.example/?size=300${query.replace('?', '&')}`],
])('%s draws it, where that is set', async (qrUrl, url) => {
  expect(await qrCodeOf({ qrUrl, publicUrl: 'https://pay.example' })).toBe(url);
});

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pay.example' };

test('without a setting it is where the request came to, whatever it says itself', async () => {
  expect(await qrCodeOf({}, forwarded)).toBe(`http://localhost/v2/qr${query}`);
});

describe('behind a proxy', () => {
  test.each<[Record<string, string>, string]>([
    [forwarded, 'https://pay.example'],
    [{ 'x-forwarded-proto': 'HTTPS' }, 'https://localhost'],
    [{ 'x-forwarded-host': 'pay.example:8443' }, 'http://pay.example:8443'],
    [{ 'x-forwarded-host': '[2001:db8::1]:80' }, 'http://[2001:db8::1]'],
    [
      { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'Pay.example, inner' },
      'https://pay.example',
    ],
    [{ 'x-forwarded-proto': 'javascript' }, 'http://localhost'],
    [{ 'x-forwarded-host': 'pay.example/evil?' }, 'http://localhost'],
    [{ 'x-forwarded-host': 'user@pay.example' }, 'http://localhost'],
    [{ 'x-forwarded-host': 'pay.example:99999' }, 'http://localhost'],
    [{ 'x-forwarded-host': '' }, 'http://localhost'],
    [{}, 'http://localhost'],
  ])('%j is %s', async (headers, origin) => {
    expect(await qrCodeOf({ trustProxy: true }, headers)).toBe(`${origin}/v2/qr${query}`);
  });
});

test('the link is to a picture, and its text is the JSON of the invoice', async () => {
  const title = 'Ä&=+#%"\\🛫';
  const gateway = openGateway();
  gateway.createdAs({ ...aTelegramInvoice, providerData: JSON.stringify({ title }) });
  const { body } = await sendGet(gateway, `${commands}/new-invoice`, order);
  const { searchParams } = new URL(Seed001Created.parse(body).invoice.qrCode);
  expect(searchParams.get('text')).toBe(
    JSON.stringify({ invoiceId: 'invoice-JJD0EOPJ', title, amount: '10' }),
  );
});
