import type { ProviderDescription } from '@quittance/contracts';

const limits = { min: 10, max: 99_999_999, step: 1 };

/** What it says of itself: one flow that asks before it takes money, and one that is asked how things stand. */
export const describeAsking = (watchMs: number): ProviderDescription => {
  const common = {
    acts: [],
    settledBy: 'policy' as const,
    expire: false,
    watchMs,
    needsProject: false,
    doubtMs: 0,
  };
  return {
    provider: 'telegram',
    flows: [
      {
        flow: 'telegram.bot_api',
        currencies: { XTR: limits, USD: limits },
        refund: 'whole',
        ...common,
      },
      {
        flow: 'telegram.bots_business',
        currencies: { BBP: limits },
        refund: 'none',
        pollMs: 30_000,
        ...common,
      },
    ],
    webhookAuthenticated: true,
    pace: null,
    bots: [
      { id: '42', flow: 'telegram.bot_api' },
      { id: '1914078', flow: 'telegram.bots_business' },
    ],
    reachable: true,
  };
};
