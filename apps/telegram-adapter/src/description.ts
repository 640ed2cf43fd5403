import type { ProviderDescription } from '@quittance/contracts';
import type { TelegramConfig } from './config.ts';
import type { Limits } from './currencies.ts';

const minuteMs = 60_000;

/** BB Points are an ordinary number of JavaScript; the BBP bot checks no limit. */
const maxPoints = 1_000_000_000;

const common = {
  acts: [],
  settledBy: 'policy',
  expire: false,
  needsProject: false,
  /** Nothing is made by `open` that anybody could pay but with its answer. */
  doubtMs: 0,
  /** A payment that was let through just before the end, or whose webhook was lost. */
  watchMs: 24 * 60 * minuteMs,
} as const;

/** Whether the adapter was told whose invoices to make at the BBP bot. */
export const hasBotsBusiness = ({ BOTS_BUSINESS_USER_ID }: TelegramConfig): boolean =>
  BOTS_BUSINESS_USER_ID !== undefined;

export const describeTelegram = (config: TelegramConfig, limits: Limits): ProviderDescription => {
  const { XTR } = limits;
  const stars = XTR === undefined ? {} : { XTR };
  const [ownId = ''] = config.TELEGRAM_BOT_TOKEN.split(':');
  return {
    provider: 'telegram',
    flows: [
      {
        flow: 'telegram.bot_api',
        currencies: config.TELEGRAM_PROVIDER_TOKEN === undefined ? stars : limits,
        refund: 'whole',
        pollMs: 15 * minuteMs,
        ...common,
        acts: [],
      },
      ...(hasBotsBusiness(config)
        ? [
            {
              flow: 'telegram.bots_business' as const,
              currencies: { BBP: { min: 1, max: maxPoints, step: 1 } },
              refund: 'none' as const,
              pollMs: minuteMs / 2,
              ...common,
              acts: [],
            },
          ]
        : []),
    ],
    webhookAuthenticated: true,
    pace: null,
    bots: [
      { id: ownId, flow: 'telegram.bot_api' },
      { id: config.BOTS_BUSINESS_BOT_ID, flow: config.TELEGRAM_SEED_FLOW },
    ],
    reachable: true,
  };
};
