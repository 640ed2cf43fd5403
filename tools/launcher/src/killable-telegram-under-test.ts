import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { z } from 'zod';
import { type KillableHub, openKillableHub } from './killable-hub-under-test.ts';
import { openRelay, type Relay } from './telegram-relay-under-test.ts';
import { atEmulator, type Knows } from './telegram-under-test.ts';

/** Whom the BBP bot pays. */
const seller = { userId: 700_000_001, pin: '190714' };

interface Invoice {
  id: string;
  ref: string;
  payLink: string;
  /** Telegram's own, where it was asked for. */
  link: string;
}

/** A hub that can be killed with live settings for both bots, and a proxy between it and the emulators, which outlive it. */
export interface KillableTelegram extends Knows<'gatewayUrl' | 'sandboxUrl'> {
  hub: KillableHub;
  relay: Relay;
  /** Asks for an invoice of 77 Stars. */
  ask: (key?: string, change?: object) => Promise<Response>;
  create: (key?: string, change?: object) => Promise<Invoice>;
  close: () => Promise<void>;
}

const AtBot = z.looseObject({ payLink: z.string(), link: z.string().default('') });

/** An invoice as the hub answers it. */
export const readInvoice = async (response: Response): Promise<Invoice> => {
  const invoice = CanonicalInvoice.parse(await response.json());
  const { payLink, link } = AtBot.parse(invoice.providerData);
  return { id: invoice.id, ref: invoice.providerRef ?? '', payLink, link };
};

export const openKillableTelegram = async (): Promise<KillableTelegram> => {
  const relay = await openRelay();
  const hub = await openKillableHub((sandboxUrl) => ({
    TELEGRAM_BOT_TOKEN: '7001914078:BotOfTheHubThatIsKilled-00000000000',
    TELEGRAM_API_URL: sandboxUrl,
    BOTS_BUSINESS_API_URL: sandboxUrl,
    BOTS_BUSINESS_USER_ID: String(seller.userId),
    BOTS_BUSINESS_PIN: seller.pin,
    PUBLIC_URL: relay.url,
  }));
  relay.leadTo(hub.gatewayUrl);
  const demo = { gatewayUrl: hub.gatewayUrl, sandboxUrl: hub.sandboxUrl };
  const { pin } = seller;
  await atEmulator({ demo }, 'PUT', `/bots-business/users/${seller.userId}`, {
    name: 'Shop',
    pin,
    balance: 0,
    webhook: null,
  });

  const ask: KillableTelegram['ask'] = (key, change = {}) =>
    hub.call('/v1/invoices', {
      method: 'POST',
      body: { provider: 'telegram', amount: 77, currency: 'XTR', title: 'Tea', ...change },
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    });

  return {
    demo,
    hub,
    relay,
    ask,
    create: async (key, change) => readInvoice(await ask(key, change)),
    close: async () => {
      await hub.close();
      await relay[Symbol.asyncDispose]();
    },
  };
};
