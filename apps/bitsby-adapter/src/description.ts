import type { ProviderDescription } from '@quittance/contracts';
import type { BitsbyConfig } from './config.ts';

/**
 * Smallest and largest amounts are not documented, so Bitsby is left to refuse them; this is what its two-decimal texts
 * are sure to hold exactly, 99 999 999.99.
 */
const limits = { max: 9_999_999_999, step: 1 };

const dayMs = 86_400_000;

/**
 * Refunds and idempotency are not there in Bitsby's API; webhooks have no signature.
 * https://docs.bitsby.app/api-documentation/invoice-creation
 */
export const describeBitsby = ({
  BITSBY_PACE_MS,
  BITSBY_PATIENCE_MS,
  BITSBY_TIMEOUT_MS,
  BITSBY_DOUBT_MS,
}: BitsbyConfig): ProviderDescription => ({
  provider: 'bitsby',
  flows: [
    {
      flow: 'bitsby.invoice',
      currencies: { USD: limits, EUR: limits, RUB: limits },
      acts: ['cancel'],
      refund: 'none',
      settledBy: 'policy',
      expire: true,
      // The seller can bind a payment to an invoice that has expired.
      watchMs: 7 * dayMs,
      needsProject: true,
      doubtMs: Math.max(BITSBY_DOUBT_MS, BITSBY_PATIENCE_MS + BITSBY_TIMEOUT_MS),
    },
  ],
  webhookAuthenticated: false,
  pace: { everyMs: BITSBY_PACE_MS, patienceMs: BITSBY_PATIENCE_MS },
  reachable: true,
});
