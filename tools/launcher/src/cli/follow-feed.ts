import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Cli } from './cli.ts';
import { type HubApi, HubRefusal, HubUnreachable } from './hub-api.ts';
import { patiently } from './patiently.ts';

/** An event as far as the commands read it; the rest of it, and types that are newer, are let through. */
export const FeedEvent = z.looseObject({
  position: z.int().positive(),
  type: z.string(),
  occurredAt: z.string(),
  invoiceId: z.string().optional(),
  seq: z.int().optional(),
});
export type FeedEvent = z.infer<typeof FeedEvent>;

const FeedPage = z.object({ data: z.array(FeedEvent), next: z.int().min(0) });

const readPage = (api: HubApi, after: number, limit: number, signal?: AbortSignal) =>
  api.call(FeedPage, `/v1/events?after=${after}&limit=${limit}`, signal && { signal });

/** The position of the newest event, 0 where there is none: found by halving, since the feed is read forwards only. */
export const lastPosition = async (api: HubApi): Promise<number> => {
  const isLast = async (position: number): Promise<boolean> =>
    (await readPage(api, position, 1)).data.length === 0;
  let end = 0;
  while (!(await isLast(end))) end = end * 2 + 1;
  let before = Math.floor((end - 1) / 2);
  while (end - before > 1) {
    const middle = Math.floor((before + end) / 2);
    if (await isLast(middle)) end = middle;
    else before = middle;
  }
  return end;
};

/** Whether a hub that said so can be expected to answer later: it is down, starting, busy, or behind a proxy. */
const isPassing = (error: unknown): boolean =>
  error instanceof HubUnreachable ||
  (error instanceof HubRefusal && (error.status >= 500 || error.status === 429));

/** How often a feed that has nothing new is looked at, in ms. */
const pollMs = 500;

interface Following {
  /** The position after which to begin. */
  after: number;
  signal: AbortSignal;
  note: Cli['note'];
  take: (event: FeedEvent) => Promise<void>;
}

/** Something asked of a hub that may be down for a while. */
export const askPatiently = <T>(
  ask: () => Promise<T>,
  { signal, note }: Pick<Following, 'signal' | 'note'>,
): Promise<T> =>
  patiently(ask, {
    signal,
    isPassing,
    onTrouble: (error) =>
      note(`${error instanceof Error ? error.message : String(error)}; trying again`),
  });

/** Takes every event after a position, one after the other, for ever: until the signal, which it throws. */
export const followFeed = async (
  api: HubApi,
  { after, signal, note, take }: Following,
): Promise<never> => {
  let position = after;
  for (;;) {
    const { data, next } = await askPatiently(() => readPage(api, position, 100, signal), {
      signal,
      note,
    });
    for (const event of data) {
      await take(event);
      signal.throwIfAborted();
    }
    position = next;
    if (data.length === 0) await sleep(pollMs, undefined, { signal });
  }
};
