import type { Work } from '../call.ts';
import { dayMs, dayOf, secondMs } from '../datetime.ts';
import { cents } from '../money.ts';
import type { Invoice } from '../state.ts';
import { changeBalance } from './change-balance.ts';

export const dayKey = (projectId: string, day: string): string => `${projectId}:${day}`;

/** Counts a paid invoice among the receipts of its project's day. */
export const recordReceipt = ({ state, now }: Work, invoice: Invoice): void => {
  const { apiKey, projectId, amountFiatUSD, commissionFiatUSD } = invoice;
  const day = dayOf(now);
  const before = state.days.get(dayKey(projectId, day));
  state.days.put(dayKey(projectId, day), {
    apiKey,
    projectId,
    day,
    received: (before?.received ?? 0) + Number(cents(amountFiatUSD)),
    commission: (before?.commission ?? 0) + Number(cents(commissionFiatUSD)),
    invoices: (before?.invoices ?? 0) + 1,
  });
};

/**
 * Takes the commission of each day that is over from the balances, as of the end of that day. Done before anything else is
 * looked at, so that nobody can tell it from work done at midnight.
 */
export const chargeDays = ({ state, now }: Work): void => {
  const today = dayOf(now);
  for (const [key, entry] of state.days.entries()) {
    const { apiKey, projectId, day, commission, invoices } = entry;
    if (invoices === 0 || day >= today) continue;
    state.days.put(key, { ...entry, commission: 0, invoices: 0 });
    changeBalance(state, {
      apiKey,
      by: -BigInt(commission),
      at: Date.parse(day) + dayMs - secondMs,
      comment: `Commission of project ${projectId} for ${day}: ${invoices} paid`,
    });
  }
};
