import { BitsbyDatetime } from '@quittance/contracts/bitsby';
import { z } from 'zod';
import { isoTime } from './times.ts';

const Made = z.looseObject({ createDatetime: BitsbyDatetime });

/** When each was made, UTC ms; undefined where one does not say. */
const timesIn = (page: readonly unknown[]): number[] | undefined => {
  const items = z.array(Made).safeParse(page).data;
  return items?.map(({ createDatetime }) => Date.parse(isoTime(createDatetime)));
};

/** The order of the pages of a list, which Bitsby does not document: what is seen of it as they come. */
export interface PageOrder {
  /**
   * Takes the next page. @returns whether it is sure that no later page has anything that was made since then (UTC ms):
   * this page and the one before were newest first, and are older already.
   */
  isPast: (page: readonly unknown[], since: number) => boolean;
}

export const createPageOrder = (): PageOrder => {
  let before: { isOrdered: boolean; oldest: number } | undefined;
  return {
    isPast: (page, since) => {
      const times = timesIn(page);
      const newestFirst = times?.every((time, index) => time <= (times[index - 1] ?? Infinity));
      const [newest = Infinity, oldest = Infinity] = [times?.at(0), times?.at(-1)];
      const isOrdered = newestFirst === true;
      const goesOn = isOrdered && before?.isOrdered === true && newest <= before.oldest;
      before = { isOrdered, oldest };
      return goesOn && oldest < since;
    },
  };
};
