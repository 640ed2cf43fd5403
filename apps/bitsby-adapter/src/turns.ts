import { createHash } from 'node:crypto';
import type { InvoiceCore, Turn } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { BitsbyConfig } from './config.ts';
import { unavailable } from './errors.ts';
import type { Meaning } from './meaning.ts';
import type { Timing } from './timing.ts';

/** What is left when Bitsby has not asked to wait. */
export type Answered = Exclude<Meaning, { kind: 'too_frequent' }>;

export interface Turns {
  /**
   * Sends a request when it is its turn, and again while Bitsby says that requests are too frequent: then nothing
   * happened. @throws DomainError `unavailable` when that is more than `patienceMs` off
   */
  run: (patienceMs: number, send: () => Promise<Meaning>) => Promise<Answered>;
}

/** Whoever has the same key shares its limit. The key itself is not told. */
export const laneOf = (apiKey: string): string =>
  `bitsby:${createHash('sha256').update(apiKey).digest('hex').slice(0, 16)}`;

/** The core gives the turns, so that all replicas keep the pace together. What it cannot give is not sent. */
export const createTurns = ({
  config: { BITSBY_API_KEY, BITSBY_PACE_MS },
  pace,
  timing,
}: {
  config: Pick<BitsbyConfig, 'BITSBY_API_KEY' | 'BITSBY_PACE_MS'>;
  pace: InvoiceCore['pace'];
  timing: Timing;
}): Turns => {
  const lane = laneOf(BITSBY_API_KEY);

  const take = async (patienceMs: number): Promise<Turn> => {
    try {
      return await pace.takeTurn({ lane, everyMs: BITSBY_PACE_MS, patienceMs });
    } catch (cause) {
      const isToldWhy = cause instanceof DomainError && cause.code === 'unavailable';
      const why = isToldWhy ? cause.message : 'the hub itself gave no turn';
      throw unavailable(`Nothing can be asked of Bitsby now: ${why}`, cause);
    }
  };

  return {
    run: async (patienceMs, send) => {
      const start = timing.now();
      const left = (): number => Math.floor(patienceMs - (timing.now() - start));
      for (let leftMs = patienceMs; leftMs >= 0; leftMs = left()) {
        const { waitMs } = await take(leftMs);
        if (waitMs > 0) await timing.wait(waitMs);
        const meaning = await send();
        if (meaning.kind !== 'too_frequent') return meaning;
      }
      throw unavailable('Bitsby has asked us to wait: requests too frequent');
    },
  };
};
