import { CanonicalInvoice, type CanonicalCreateBody } from '@quittance/contracts/canonical';
import { DomainError } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { aTelegramInvoice } from '../../telegram-under-test.ts';

const order = {
  provider: 'telegram',
  amount: 10,
  currency: 'xtr',
  title: 'Test Payment',
} satisfies CanonicalCreateBody;

const points = {
  ...order,
  flow: 'telegram.bots_business',
  currency: 'BBP',
} satisfies CanonicalCreateBody;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const create = (change: Record<string, unknown> = {}) =>
  gateway.post('/v1/invoices', { ...order, ...change });

const asked = {
  caller,
  billed: null,
  idempotencyKey: null,
  money: { amount: 10, currency: 'XTR' },
  item: { type: 'none', id: 'none' },
  description: null,
  payload: null,
  projectId: null,
  options: {
    provider: 'telegram',
    flow: 'telegram.bot_api',
    title: 'Test Payment',
    link: false,
  },
  expiry: null,
};

test('the least that it needs, and what is answered', async () => {
  const { status, body } = await create();
  expect(status).toBe(201);
  expect(CanonicalInvoice.strict().parse(body)).toMatchObject({
    id: aTelegramInvoice.publicId,
    provider: 'telegram',
    flow: 'telegram.bot_api',
    currency: 'XTR',
    payload: 'user123-payment',
    providerRef: 'invoice-JJD0EOPJ',
    providerData: { payLink: 'https://t.me/bbp_app_bot?start=invoice-JJD0EOPJ' },
  });
  expect(gateway.calls).toEqual([['invoices.create', asked]]);
});

test('everything that it can have', async () => {
  const more = {
    item: { type: 'license', id: '1' },
    description: 'x'.repeat(255),
    payload: 'é'.repeat(64),
    projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
  };
  const own = { flow: 'telegram.bot_api', title: 'x'.repeat(32), link: true };
  const { status } = await create({ ...more, ...own, currency: 'EUR', expiresIn: 90 });
  expect(status).toBe(201);
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        ...asked,
        ...more,
        money: { amount: 10, currency: 'EUR' },
        options: { provider: 'telegram', ...own },
        expiry: { kind: 'in', seconds: 90 },
      },
    ],
  ]);
});

test('at the BBP bot', async () => {
  const { status } = await gateway.post('/v1/invoices', {
    ...points,
    description: 'For test',
    expiresAt: '2026-02-01T00:00:00Z',
  });
  expect(status).toBe(201);
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        ...asked,
        money: { amount: 10, currency: 'BBP' },
        description: 'For test',
        options: { provider: 'telegram', flow: 'telegram.bots_business', title: 'Test Payment' },
        expiry: { kind: 'at', time: '2026-02-01T00:00:00.000Z' },
      },
    ],
  ]);
});

test('what is null was not given', async () => {
  await create({ description: null, payload: null, link: null, expiresIn: null });
  expect(gateway.calls).toEqual([['invoices.create', asked]]);
});

describe('is refused, and the core not asked', () => {
  const titleError = 'must be a string of 1 to 32 characters';
  const descriptionError = 'must be a string of 1 to 255 characters';
  const payloadError = 'must be a string of at most 128 bytes of UTF-8';

  test.each<[object, string, string]>([
    [{ title: undefined }, 'title', titleError],
    [{ title: null }, 'title', titleError],
    [{ title: '' }, 'title', titleError],
    [{ title: ' ' }, 'title', titleError],
    [{ title: 'x'.repeat(33) }, 'title', titleError],
    [{ title: 5 }, 'title', titleError],
    [{ description: '' }, 'description', descriptionError],
    [{ description: 'x'.repeat(256) }, 'description', descriptionError],
    [{ payload: 'x'.repeat(129) }, 'payload', payloadError],
    [{ payload: `${'é'.repeat(64)}x` }, 'payload', payloadError],
    [{ payload: '\ud83d' }, 'payload', 'must be valid Unicode text without NUL'],
    [{ expiresAt: '2026-02-01T00:00:00Z', expiresIn: 1 }, 'expiresIn', 'cannot be given together'],
    [{ timeToPay: 1 }, 'timeToPay', 'is not known here'],
  ])('%j', async (change, param, message) => {
    for (const sent of [order, points]) {
      const { status, body } = await gateway.post('/v1/invoices', { ...sent, ...change });
      expect(status).toBe(400);
      expect(body).toMatchObject({ param, title: expect.stringContaining(message) });
    }
    expect(gateway.calls).toEqual([]);
  });

  test('a link at the BBP bot, which has none of its own', async () => {
    const answer = await gateway.post('/v1/invoices', { ...points, link: true });
    expect(answer).toMatchObject({ status: 400, body: { param: 'link' } });
  });

  test('a link that is neither', async () => {
    const body = { param: 'link', title: 'must be true or false' };
    expect(await create({ link: 'yes' })).toMatchObject({ status: 400, body });
  });

  test('a flow that is none of them', async () => {
    const title = 'must be one of: telegram.bot_api, telegram.bots_business';
    const answer = await create({ flow: 'telegram.stars' });
    expect(answer).toMatchObject({ status: 400, body: { param: 'flow', title } });
  });
});

test("the core's name of the title is not the client's", async () => {
  gateway.failWith(new DomainError('invalid_request', 'is wrong', { param: 'options.title' }));
  expect(await create()).toMatchObject({ status: 400, body: { param: 'title' } });
});
