import type { StarTransaction } from '@quittance/contracts/telegram';

/** The most that Telegram shows at once. */
export const pageSize = 100;

/** Full pages that are kept: those never change, since history only grows. */
const keptPages = 200;

export type StarPage = readonly StarTransaction[];

/** The movements of the bot's Stars by page, oldest first; the last page is the first that is not full. */
export interface StarHistory {
  page: (number: number) => Promise<StarPage>;
  /** The number of the first page that has anything at or after `since`, in Unix seconds, or of the last page. */
  pageOf: (since: number) => Promise<number>;
}

/**
 * Telegram shows the movements in chronological order by offset alone. Where a time is, is found by doubling and
 * bisection.
 * https://core.telegram.org/bots/api#getstartransactions
 */
export const createStarHistory = (
  fetchPage: (offset: number) => Promise<StarPage>,
): StarHistory => {
  const kept = new Map<number, StarPage>();

  const page: StarHistory['page'] = async (number) => {
    const known = kept.get(number);
    if (known) return known;
    const fetched = await fetchPage(number * pageSize);
    if (fetched.length < pageSize) return fetched;
    kept.set(number, fetched);
    const [oldest] = kept.keys();
    if (kept.size > keptPages && oldest !== undefined) kept.delete(oldest);
    return fetched;
  };

  /** Whether what is at or after `since` begins here or before; so it is of the last page, and of all behind it. */
  const reaches = async (number: number, since: number): Promise<boolean> => {
    const shown = await page(number);
    const last = shown.at(-1);
    return shown.length < pageSize || last === undefined || last.date >= since;
  };

  return {
    page,
    pageOf: async (since) => {
      let low = 0;
      let high = 0;
      while (!(await reaches(high, since))) {
        low = high + 1;
        high = high * 2 + 1;
      }
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if (await reaches(middle, since)) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
};
