import { parseJson } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { withAdapter } from './adapter-under-test.ts';
import { fieldOf } from './field-under-test.ts';
import { botName } from './people-under-test.ts';

const flow = { provider: 'telegram', flow: 'telegram.bot_api', title: 'Tea' } as const;
const plain = { ...flow, link: false };
const linked = { ...flow, link: true };

test('an invoice is opened by asking once who the bot is, and by nothing else', () =>
  withAdapter(async ({ provider, order, sandbox }) => {
    const createdAt = '2026-01-01T10:00:00.000Z';
    const input = order({ options: plain, createdAt, money: { amount: 1500, currency: 'XTR' } });
    sandbox.calls.length = 0;
    const { observation, customerRef } = await provider.open(input);
    const other = await provider.open({ ...input, key: 'another' });
    const ref = observation.ref ?? '';
    expect(ref).toMatch(/^invoice-[A-Z0-9]{16}$/);
    expect(observation).toEqual({
      evidenceId: `telegram:open:${ref}`,
      ref,
      occurredAt: createdAt,
      facts: [{ kind: 'progress', state: 'awaiting', reason: null }],
      providerData: expect.any(String),
      raw: null,
    });
    expect(parseJson(observation.providerData ?? '')).toEqual({
      invoiceId: ref,
      title: 'Tea',
      description: 'A flight',
      amount: '1500',
      currency: 'XTR',
      payLink: `https://t.me/${botName}?start=${ref}`,
      createdAt,
    });
    expect(customerRef).toBeNull();
    expect(other.observation.ref).not.toBe(ref);
    expect(sandbox.calls.map(({ name }) => name)).toEqual(['getMe']);
  }));

test('a link of Telegram’s own carries the ref, in Stars and without a provider', () =>
  withAdapter(async ({ provider, order, sandbox }) => {
    const { observation } = await provider.open(order({ options: linked }));
    const made = sandbox.calls.find(({ name }) => name === 'createInvoiceLink');
    expect(made?.body).toEqual({
      title: 'Tea',
      description: 'A flight',
      payload: observation.ref,
      provider_token: '',
      currency: 'XTR',
      prices: [{ label: 'Tea', amount: 2050 }],
    });
    expect(made?.answer).toEqual({
      ok: true,
      result: expect.stringMatching(/^https:\/\/t\.me\/\$/),
    });
    expect(parseJson(observation.providerData ?? '')).toMatchObject({
      link: fieldOf(made?.answer, 'result'),
    });
  }));

test('money goes by the provider whose token is set, amounts in major units with all their decimals', () =>
  withAdapter(
    async ({ provider, order, sandbox }) => {
      const money = { amount: 1250, currency: 'USD' };
      const { observation } = await provider.open(order({ options: linked, money }));
      expect(parseJson(observation.providerData ?? '')).toMatchObject({
        amount: '12.50',
        currency: 'USD',
      });
      const made = sandbox.calls.find(({ name }) => name === 'createInvoiceLink');
      expect(made?.body).toMatchObject({ provider_token: '284685063:TEST:NjZl', currency: 'USD' });
    },
    { env: { TELEGRAM_PROVIDER_TOKEN: '284685063:TEST:NjZl' } },
  ));

test.each([null, ''])('what has the description %j is described by its title', (description) =>
  withAdapter(async ({ provider, order }) => {
    const { observation } = await provider.open(order({ options: linked, description }));
    expect(parseJson(observation.providerData ?? '')).toMatchObject({ description: 'Tea' });
  }),
);

test('a description longer than Telegram takes is refused before anything is made', () =>
  withAdapter(async ({ provider, order, sandbox }) => {
    sandbox.calls.length = 0;
    const open = (length: number) =>
      provider.open(order({ options: linked, description: 'x'.repeat(length) }));
    await expect(open(256)).rejects.toMatchObject({
      code: 'provider_refused',
      refusal: { status: 400, param: 'description' },
    });
    expect(sandbox.calls).toEqual([]);
    await open(255);
  }));

test('a flow that the adapter was not set up for is refused', () =>
  withAdapter(async ({ provider, order }) => {
    const options = { provider: 'telegram', flow: 'telegram.bots_business', title: 'Tea' } as const;
    await expect(provider.open(order({ options }))).rejects.toMatchObject({
      code: 'provider_refused',
    });
    expect((await provider.describe()).flows.map(({ flow: name }) => name)).toEqual([
      'telegram.bot_api',
    ]);
  }));

test('describes what it can: Stars, and money with a provider; its own bot, and the one of the seed', async () => {
  await withAdapter(async ({ provider }) => {
    const { flows, bots, webhookAuthenticated } = await provider.describe();
    expect(Object.keys(flows[0]?.currencies ?? {})).toEqual(['XTR']);
    expect(flows[0]).toMatchObject({ acts: [], refund: 'whole', expire: false, pollMs: 900_000 });
    expect(bots).toEqual([
      { id: '7000000001', flow: 'telegram.bot_api' },
      { id: '1914078', flow: 'telegram.bot_api' },
    ]);
    expect(webhookAuthenticated).toBe(true);
  });
  const env = {
    TELEGRAM_PROVIDER_TOKEN: '284685063:TEST:NjZl',
    TELEGRAM_SEED_FLOW: 'telegram.bots_business',
    BOTS_BUSINESS_USER_ID: '1',
    BOTS_BUSINESS_PIN: '1234',
  };
  await withAdapter(
    async ({ provider }) => {
      const { flows, bots } = await provider.describe();
      expect(flows[0]?.currencies).toMatchObject({ XTR: { min: 1 }, USD: { min: 100 } });
      expect(flows[1]).toMatchObject({
        flow: 'telegram.bots_business',
        refund: 'none',
        pollMs: 30_000,
      });
      expect(Object.keys(flows[1]?.currencies ?? {})).toEqual(['BBP']);
      expect(bots?.[1]).toEqual({ id: '1914078', flow: 'telegram.bots_business' });
    },
    { env },
  );
});

test.each(['cancel', 'void', 'finalize'] as const)('there is nothing to %s at Telegram', (kind) =>
  withAdapter(async ({ provider, make }) => {
    const { ref, object } = await make();
    await expect(provider.act({ ref, object, key: 'act-1', act: { kind } })).rejects.toMatchObject({
      code: 'provider_refused',
    });
  }),
);
