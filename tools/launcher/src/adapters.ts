import { createApp as createBitsbyAdapter } from '@quittance/bitsby-adapter/app';
import type { InvoiceCore, ProviderName, ProviderRouter } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import { createApp as createStripeAdapter } from '@quittance/stripe-adapter/app';
import type { ProviderSettings } from './provider-settings.ts';

/** The adapters of a hub in one process. Some ask the core in their turn, which is there by then. */
export const createAdapters = (
  { stripe, bitsby }: ProviderSettings,
  { core, clock }: { core: () => InvoiceCore; clock: Clock },
): Partial<Record<ProviderName, ProviderRouter>> => ({
  ...(stripe && { stripe: createStripeAdapter({ config: stripe, clock }).router }),
  ...(bitsby && {
    bitsby: createBitsbyAdapter({
      config: bitsby,
      pace: { takeTurn: (input) => core().pace.takeTurn(input) },
      clock,
    }).router,
  }),
});
