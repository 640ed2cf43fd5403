import type { InvoiceCore } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Timing } from './timing.ts';

/** Turns as the core gives them, by a clock of the test's, and which were asked for. */
export const createPace = ({ now }: Pick<Timing, 'now'>) => {
  const nextAt = new Map<string, number>();
  const asked: Parameters<InvoiceCore['pace']['takeTurn']>[0][] = [];
  let taken = 0;
  const takeTurn: InvoiceCore['pace']['takeTurn'] = async (input) => {
    await Promise.resolve();
    asked.push(input);
    const { lane, everyMs, patienceMs } = input;
    const at = Math.max(now(), nextAt.get(lane) ?? 0);
    if (at - now() > patienceMs)
      throw new DomainError('unavailable', 'Too many calls are waiting for their turn');
    nextAt.set(lane, at + everyMs);
    taken += 1;
    return { waitMs: at - now() };
  };
  return { takeTurn, asked, taken: () => taken };
};

/** Time that goes on only by being waited for. */
export const createTestTiming = (): Timing & { waits: number[] } => {
  let time = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    wait: async (ms) => {
      waits.push(ms);
      const until = time + ms;
      await new Promise((resolve) => setImmediate(resolve));
      time = Math.max(time, until);
    },
  };
};
