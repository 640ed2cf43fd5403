import { createApp as createBitsbyAdapter } from '@quittance/bitsby-adapter/app';
import type { InvoiceCore, ProviderName, ProviderRouter } from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import { createApp as createStripeAdapter } from '@quittance/stripe-adapter/app';
import { createApp as createTelegramAdapter } from '@quittance/telegram-adapter/app';
import type { ProviderSettings } from './provider-settings.ts';

export interface Adapters {
  routers: Partial<Record<ProviderName, ProviderRouter>>;
  /** Begins what adapters do by themselves, once the gateway can be reached. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

/** The adapters of a hub in one process. Some ask the core in their turn, which is there by then. */
export const createAdapters = (
  { stripe, bitsby, telegram: telegramConfig }: ProviderSettings,
  { core, clock, log }: { core: () => InvoiceCore; clock: Clock; log: Logger },
): Adapters => {
  const telegram =
    telegramConfig &&
    createTelegramAdapter({
      config: telegramConfig,
      core: {
        get identities() {
          return core().identities;
        },
        get invoices() {
          return core().invoices;
        },
        get webhooks() {
          return core().webhooks;
        },
      },
      clock,
      log,
    });
  return {
    routers: {
      ...(stripe && { stripe: createStripeAdapter({ config: stripe, clock }).router }),
      ...(bitsby && {
        bitsby: createBitsbyAdapter({
          config: bitsby,
          pace: { takeTurn: (input) => core().pace.takeTurn(input) },
          clock,
        }).router,
      }),
      ...(telegram && { telegram: telegram.router }),
    },
    start: async () => telegram?.start(),
    stop: async () => telegram?.stop(),
  };
};
