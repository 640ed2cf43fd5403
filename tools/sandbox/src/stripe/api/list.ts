import { invalidRequest, resourceMissing } from './errors.ts';

export interface Paging {
  limit: number;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

interface CreatedRange {
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
}

/** Unix seconds. */
export const isCreatedIn = (created: number, range: CreatedRange | undefined): boolean =>
  range === undefined ||
  ((range.gt === undefined || created > range.gt) &&
    (range.gte === undefined || created >= range.gte) &&
    (range.lt === undefined || created < range.lt) &&
    (range.lte === undefined || created <= range.lte));

/** `/v1/payment_intents` lists objects called `payment_intent`. */
const objectListedAt = (url: string): string => url.slice(url.lastIndexOf('/') + 1, -1);

/** One page, newest first. `items` are all that match, newest first. */
export const listPage = <T extends { id: string; object: string }>(
  url: string,
  items: T[],
  { limit, starting_after: after, ending_before: before }: Paging,
) => {
  if (after !== undefined && before !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: starting_after, ending_before.',
    );
  }
  const positionOf = (id: string, param: string): number => {
    const position = items.findIndex((item) => item.id === id);
    if (position === -1) throw resourceMissing(objectListedAt(url), id, param);
    return position;
  };
  const page = (data: T[], hasMore: boolean) => ({ object: 'list', data, has_more: hasMore, url });

  if (before !== undefined) {
    const end = positionOf(before, 'ending_before');
    const start = Math.max(0, end - limit);
    return page(items.slice(start, end), start > 0);
  }
  const start = after === undefined ? 0 : positionOf(after, 'starting_after') + 1;
  return page(items.slice(start, start + limit), items.length > start + limit);
};
