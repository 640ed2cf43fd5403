import QRCode from 'qrcode';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { createCoreUnderTest } from '../core-under-test.ts';
import { createApp } from '../app.ts';
import { type GatewayUnderTest, openGateway } from '../gateway-under-test.ts';
import { silentLogger } from '@quittance/runtime';

const text = '{"invoiceId":"invoice-JJD0EOPJ","title":"Café 🛫","amount":"10"}';

const { core } = createCoreUnderTest();
const app = createApp({
  core,
  log: silentLogger,
  bodyLimitBytes: 4096,
  metricsToken: undefined,
  publicUrl: undefined,
  trustProxy: false,
  qrUrl: undefined,
});

/** The answer as bytes. */
const get = async (query: string) => {
  const response = await app.request(`/v2/qr?${query}`);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};

const of = (content: string): string => `text=${encodeURIComponent(content)}`;

/** Of a PNG: https://www.w3.org/TR/png-3/#11IHDR */
const widthOf = (png: Buffer): number => png.readUInt32BE(16);

test('a PNG of the text, 150 pixels wide, as QuickChart has it', async () => {
  const { response, bytes } = await get(of(text));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(bytes.equals(await QRCode.toBuffer(text, { width: 150, margin: 4 }))).toBe(true);
  expect(widthOf(bytes)).toBe(150);
});

test('an SVG', async () => {
  const { response, bytes } = await get(`${of(text)}&format=svg&size=300`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  expect(bytes.toString()).toMatch(/^<svg [^>]*width="300" height="300"/);
  expect(bytes.toString()).not.toContain('invoice');
});

test.each<[string, object]>([
  ['size=400', { width: 400 }],
  ['margin=0', { margin: 0, width: 150 }],
  ['ecLevel=H', { errorCorrectionLevel: 'H', width: 150 }],
  ['dark=f00&light=00ff00', { color: { dark: '#f00', light: '#00ff00' }, width: 150 }],
])('with %s', async (query, options) => {
  const { bytes } = await get(`${of(text)}&${query}`);
  expect(bytes.equals(await QRCode.toBuffer(text, options))).toBe(true);
  const plain = await get(of(text));
  expect(bytes.equals(plain.bytes)).toBe(false);
});

test('may be kept for ever and shown on any page, as nothing else may', async () => {
  const { headers } = (await get(of(text))).response;
  expect([headers.get('cache-control'), headers.get('cross-origin-resource-policy')]).toEqual([
    'public, max-age=31536000, immutable',
    'cross-origin',
  ]);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const refused = (await get('text=')).response.headers;
  const other = (await app.request('/healthz')).headers;
  for (const answer of [refused, other]) {
    expect([answer.get('cache-control'), answer.get('cross-origin-resource-policy')]).toEqual([
      'no-store',
      'same-origin',
    ]);
  }
});

describe('refuses', () => {
  let gateway: GatewayUnderTest;
  beforeEach(() => {
    gateway = openGateway();
  });

  test.each([
    ['L', 2953],
    ['M', 2331],
    ['Q', 1663],
    ['H', 1273],
  ])('at level %s more than %i bytes of UTF-8', async (level, bytes) => {
    const fits = `é${'x'.repeat(bytes - 2)}`;
    expect((await get(`${of(fits)}&ecLevel=${level}`)).response.status).toBe(200);
    const { status, headers, body } = await gateway.send(
      `GET /v2/qr?${of(`${fits}x`)}&ecLevel=${level}`,
    );
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body).toMatchObject({ param: 'text', title: 'is more than a QR code holds' });
  });

  test.each([
    ['', 'text'],
    ['text=', 'text'],
    ['text=a&text=b', 'text'],
    ['text=a&format=gif', 'format'],
    ['text=a&size=0', 'size'],
    ['text=a&size=1001', 'size'],
    ['text=a&size=1e2', 'size'],
    ['text=a&margin=-1', 'margin'],
    ['text=a&margin=101', 'margin'],
    ['text=a&ecLevel=X', 'ecLevel'],
    ['text=a&dark=red', 'dark'],
    ['text=a&dark=zzzzzz', 'dark'],
    ['text=a&light=%22/%3E%3Cscript', 'light'],
    ['text=a&centerImageUrl=http://10.0.0.1', 'centerImageUrl'],
  ])('%j, naming %s', async (query, param) => {
    const answer = await gateway.send(`GET /v2/qr?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', param } });
  });

  test('other methods', async () => {
    const { status, headers } = await gateway.send(`POST /v2/qr?${of(text)}`);
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('the settings', () => {
  const env = { CORE_URL: 'http://core', SERVICE_TOKEN: 'x'.repeat(16) };

  test('by default trust no proxy and ask nobody else', () => {
    expect(loadConfig(env)).toMatchObject({ TRUST_PROXY: false });
    expect(loadConfig({ ...env, PUBLIC_URL: '', QR_URL: '' })).toEqual(loadConfig(env));
  });

  test.each(['PUBLIC_URL', 'QR_URL'])('%s is a URL of the web', (name) => {
    expect(loadConfig({ ...env, [name]: 'https://a.example/qr' })).toMatchObject({
      [name]: 'https://a.example/qr',
    });
    for (const url of ['a.example', 'ftp://a.example', 'javascript:alert(1)']) {
      expect(() => loadConfig({ ...env, [name]: url })).toThrow(name);
    }
  });

  test('TRUST_PROXY is true or false', () => {
    expect(loadConfig({ ...env, TRUST_PROXY: 'true' }).TRUST_PROXY).toBe(true);
    expect(loadConfig({ ...env, TRUST_PROXY: 'false' }).TRUST_PROXY).toBe(false);
    expect(() => loadConfig({ ...env, TRUST_PROXY: 'perhaps' })).toThrow(/TRUST_PROXY/);
  });
});
