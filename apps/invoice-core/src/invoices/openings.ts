import type { Outcome } from './outcome.ts';

/** The openings under way in this process, so that everyone who wants an invoice opened shares one call. */
export interface Openings {
  isUnderWay: (invoiceId: number) => boolean;
  /** Joins the opening under way, or starts one. */
  join: (invoiceId: number, open: () => Promise<Outcome>) => Promise<Outcome>;
  /** Resolves when none is under way. */
  idle: () => Promise<void>;
}

export const createOpenings = (): Openings => {
  const underWay = new Map<number, Promise<Outcome>>();
  return {
    isUnderWay: (invoiceId) => underWay.has(invoiceId),
    join: (invoiceId, open) => {
      const current = underWay.get(invoiceId);
      if (current) return current;
      const opening = open().finally(() => underWay.delete(invoiceId));
      underWay.set(invoiceId, opening);
      return opening;
    },
    idle: async () => {
      await Promise.allSettled(underWay.values());
    },
  };
};
