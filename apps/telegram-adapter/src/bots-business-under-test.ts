import type { PaymentProvider } from '@quittance/contracts';
import { botsBusinessToken } from './derived.ts';
import type { App } from './app.ts';
import { openAdapter, type AdapterUnderTest } from './adapter-under-test.ts';
import { botToken, eventually } from './people-under-test.ts';

export const merchant = { userId: 7_378_059_553, pin: '12ab56', balance: 0 };
const payer = { userId: 7_463_617_963, pin: '9999', balance: 1_000_000 };

type Wrap = (app: App) => Promise<{ provider: PaymentProvider; close?: () => Promise<void> }>;

export interface BotsBusinessUnderTest extends AdapterUnderTest {
  payBy: (ref: string, by: 'chat' | 'qr') => Promise<void>;
}

/** The adapter with the flow of the BBP bot, against its emulator. */
export const openBotsBusinessAdapter = async (
  wrap?: Wrap,
  options: Parameters<typeof openAdapter>[1] = {},
): Promise<BotsBusinessUnderTest> => {
  const adapter = await openAdapter(wrap, {
    ...options,
    env: {
      BOTS_BUSINESS_USER_ID: String(merchant.userId),
      BOTS_BUSINESS_PIN: merchant.pin,
      ...options.env,
    },
    prepare: async ({ control }) => {
      for (const { userId, pin, balance } of [merchant, payer]) {
        const user = { pin, balance, webhook: null };
        await control('PUT', `/bots-business/users/${userId}`, user);
      }
    },
  });
  const { sandbox, gateway } = adapter;
  const webhookToken = botsBusinessToken(botToken, merchant.userId);
  const payBy: BotsBusinessUnderTest['payBy'] = async (ref, by) => {
    const { userId } = payer;
    await sandbox.control('POST', `/bots-business/invoices/${ref}/pay`, { userId, by });
  };
  const flow = { provider: 'telegram', flow: 'telegram.bots_business', title: 'Tea' } as const;
  const webhooksOf = (ref: string) =>
    gateway.received.filter(({ token, body }) => token === webhookToken && body.includes(ref));

  const order: AdapterUnderTest['order'] = (changes = {}) => ({
    ...adapter.order({ money: { amount: 2050, currency: 'BBP' }, ...changes }),
    options: flow,
  });

  return {
    ...adapter,
    options: flow,
    order,
    make: (changes) => adapter.make(order(changes)),
    lacks: ['idempotency', 'keys', 'customers', 'signatures'],
    currency: 'BBP',
    webhookToken,
    unknownRef: 'invoice-UNKNOWN0',
    payBy,
    pay: (ref) => payBy(ref, 'chat'),
    webhooks: (ref) => eventually(() => (webhooksOf(ref).length > 0 ? webhooksOf(ref) : undefined)),
    failNextOpen: async (fault) => {
      const errorOf = (msg: string) => JSON.stringify({ status: 'error', msg });
      if (fault === 'refused') {
        sandbox.answer('new-invoice', { body: errorOf('Missing parameters: amount') });
      }
      if (fault === 'unavailable') {
        sandbox.answer('new-invoice', {
          body: errorOf('❌ Incorrect pin. Use /myPin to retrieve it.'),
        });
      }
      if (fault === 'lost_answer') await sandbox.fail('POST /*/new-invoice', 'drop_after');
    },
    openedCount: () =>
      Promise.resolve(sandbox.calls.filter(({ name }) => name === 'new-invoice').length),
  };
};

export const withBotsBusiness = async (
  run: (adapter: BotsBusinessUnderTest) => Promise<void>,
  options: Parameters<typeof openAdapter>[1] = {},
): Promise<void> => {
  const adapter = await openBotsBusinessAdapter(undefined, options);
  try {
    await run(adapter);
  } finally {
    await adapter.close();
  }
};
