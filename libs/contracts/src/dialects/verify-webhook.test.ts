import { createHmac } from 'node:crypto';
import { parseJson } from '@quittance/rpc';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { recordedNames, recordedSecret, recordedWebhook } from './recorded-webhook-under-test.ts';
import {
  testMessage,
  verifyWebhook,
  type WebhookEvent,
  WebhookVerificationError,
} from './webhooks.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const seconds = Math.floor(now.getTime() / 1000);
const endpoint = { id: 'ep_1', url: 'https://shop.example/å' };
const payload = testMessage({ endpoint, at: now });
const event = parseJson(payload);
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** Independent of the library that verifies: four lines of Standard Webhooks. */
const sign = (body: string, { key = secret, id = 'test_1', at = seconds } = {}): string => {
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', bytes).update(`${id}.${at}.${body}`).digest('base64')}`;
};

const headers = {
  'webhook-id': 'test_1',
  'webhook-timestamp': String(seconds),
  'webhook-signature': sign(payload),
};

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each<[string, Parameters<typeof verifyWebhook>[0]]>([
  ['text', { payload, headers, secret }],
  ['bytes', { payload: Buffer.from(payload), headers, secret }],
  ['bytes of another kind', { payload: new TextEncoder().encode(payload), headers, secret }],
  ['a secret without its prefix', { payload, headers, secret: secret.slice('whsec_'.length) }],
  ['Headers', { payload, headers: new Headers(headers), secret }],
  [
    'headers in any case, as lists, beside others',
    {
      payload,
      headers: {
        'Webhook-Id': ['test_1'],
        'WEBHOOK-TIMESTAMP': headers['webhook-timestamp'],
        'webhook-signature': ['v1,AAAA', headers['webhook-signature']],
        get: 'a header of that name',
        cookie: undefined,
      },
      secret,
    },
  ],
])('%s will do', (_what, webhook) => {
  const verified = verifyWebhook(webhook);
  expectTypeOf(verified).toEqualTypeOf<WebhookEvent>();
  expect(verified).toEqual(event);
});

describe('the example of the library', () => {
  const example = {
    payload: '{"test": 2432232314}',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };
  beforeEach(() => {
    vi.setSystemTime(1_614_265_330_000);
  });

  test('is authentic, but none of our messages', () => {
    expect(() => verifyWebhook(example)).toThrow(
      new WebhookVerificationError('The message is authentic, but it is none of Standard Webhooks'),
    );
  });

  test('is not authentic with one byte changed', () => {
    const changed = { ...example, payload: '{"test": 2432232315}' };
    expect(() => verifyWebhook(changed)).toThrow('No matching signature found');
  });
});

describe('is refused', () => {
  const cases: [string, Partial<Parameters<typeof verifyWebhook>[0]>, string][] = [
    ['without headers', { headers: {} }, 'Missing required headers'],
    ...Object.keys(headers).map((name): (typeof cases)[number] => [
      `without ${name}`,
      { headers: { ...headers, [name]: undefined } },
      'Missing required headers',
    ]),
    ['without headers of fetch', { headers: new Headers() }, 'Missing required headers'],
    [
      'a timestamp that is none',
      { headers: { ...headers, 'webhook-timestamp': 'now' } },
      'Invalid Signature Headers',
    ],
    ['with a space more', { payload: `${payload} ` }, 'No matching signature'],
    ['another case', { payload: payload.toUpperCase() }, 'No matching signature'],
    ['nothing', { payload: '' }, 'No matching signature'],
    ['a byte order mark', { payload: Buffer.from(`\uFEFF${payload}`) }, 'No matching signature'],
    [
      'bytes that are no UTF-8',
      { payload: Buffer.from(payload, 'latin1') },
      'The payload must be the raw body',
    ],
    ['another id', { headers: { ...headers, 'webhook-id': 'test_2' } }, 'No matching signature'],
    [
      'another timestamp',
      { headers: { ...headers, 'webhook-timestamp': String(seconds + 1) } },
      'No matching signature',
    ],
    [
      'another version of signatures',
      { headers: { ...headers, 'webhook-signature': sign(payload).replace('v1', 'v2') } },
      'No matching signature',
    ],
    [
      'no signature',
      { headers: { ...headers, 'webhook-signature': 'v1,' } },
      'No matching signature',
    ],
    ['another secret', { secret: other }, 'No matching signature'],
    ['other secrets', { secret: [other, other] }, 'No matching signature'],
  ];

  test.each(cases)('%s', (_what, change, message) => {
    const verify = () => verifyWebhook({ payload, headers, secret, ...change });
    expect(verify).toThrow(WebhookVerificationError);
    expect(verify).toThrow(message);
  });

  test.each([
    [-301, 'Message timestamp too old'],
    [302, 'Message timestamp too new'],
  ])('%i seconds from now', (offset, message) => {
    const at = seconds + offset;
    const stale = {
      ...headers,
      'webhook-timestamp': String(at),
      'webhook-signature': sign(payload, { at }),
    };
    expect(() => verifyWebhook({ payload, headers: stale, secret })).toThrow(message);
  });

  test.each(['{"type":"invoice.paid"', '[]', '""', 'null', '{"type":1}'])(
    'what the hub would never sign, though it is signed: %s',
    (body) => {
      const signed = { ...headers, 'webhook-signature': sign(body) };
      const verify = () => verifyWebhook({ payload: body, headers: signed, secret });
      expect(verify).toThrow(WebhookVerificationError);
      expect(verify).toThrow('none of Standard Webhooks');
    },
  );
});

test.each([-300, 300])('%i seconds from now is near enough', (offset) => {
  const at = seconds + offset;
  const signed = {
    ...headers,
    'webhook-timestamp': String(at),
    'webhook-signature': sign(payload, { at }),
  };
  expect(verifyWebhook({ payload, headers: signed, secret })).toEqual(event);
});

describe('while a secret is rotated', () => {
  const both = [sign(payload, { key: other }), sign(payload)].join(' ');
  const rotating = { ...headers, 'webhook-signature': both };

  test.each([
    ['who has only the old one', secret],
    ['who has the new one', other],
    ['who has both', [secret, other]],
  ])('%s takes what both sign', (_who, known) => {
    expect(verifyWebhook({ payload, headers: rotating, secret: known })).toEqual(event);
  });

  test.each([secret, other])('who has both takes what one signs', (key) => {
    const signed = { ...headers, 'webhook-signature': sign(payload, { key }) };
    expect(verifyWebhook({ payload, headers: signed, secret: [secret, other] })).toEqual(event);
  });
});

test.each([
  ['no base64', 'whsec_!!'],
  ['empty', 'whsec_'],
  ['nothing', ''],
  ['none', []],
  ['one of two', [secret, '']],
])('a secret that is %s is not blamed on the message', (_what, wrong) => {
  expect(() => verifyWebhook({ payload, headers, secret: wrong })).toThrow(TypeError);
});

test('a message of tomorrow is known to be authentic', () => {
  const body = '{"type":"invoice.archived","timestamp":"2026-01-02T03:04:05.678Z","data":{}}';
  const signed = { ...headers, 'webhook-signature': sign(body) };
  expect(verifyWebhook({ payload: body, headers: signed, secret })).toMatchObject({
    type: 'unknown',
    message: { type: 'invoice.archived' },
  });
});

test('so is one with a status of tomorrow', () => {
  const recorded = recordedWebhook('invoice.paid');
  const body = recorded.body.replace('"status":"paid"', '"status":"settling"');
  expect(body).not.toBe(recorded.body);
  const signed = { ...headers, 'webhook-signature': sign(body) };
  expect(verifyWebhook({ payload: body, headers: signed, secret })).toEqual({
    type: 'unknown',
    message: parseJson(body),
  });
});

test.each(recordedNames)('%s, as it was sent', (name) => {
  const recorded = recordedWebhook(name);
  vi.setSystemTime(Number(recorded.headers['webhook-timestamp']) * 1000);
  const webhook = { payload: recorded.body, headers: recorded.headers, secret: recordedSecret };
  expect(verifyWebhook(webhook)).toMatchObject({ type: recorded.type });
});
