import type { Effort } from '../options.ts';
import type { LoadResult } from './load.ts';

const maxRequests = 100_000;

/** Makes so many requests at this concurrency. */
export type Generator = (size: { concurrency: number; requests: number }) => Promise<LoadResult>;

/** Returns a measured round of the effort's length; a warm-up finds how many requests that is, and heats the code. */
export const warmedUp = async (
  generate: Generator,
  { concurrency, effort }: { concurrency: number; effort: Effort },
): Promise<() => Promise<LoadResult>> => {
  const during = (seconds: number, rate: number): Promise<LoadResult> => {
    const requests = Math.min(maxRequests, Math.max(concurrency, Math.round(rate * seconds)));
    return generate({ concurrency, requests });
  };
  const first = await generate({ concurrency, requests: concurrency * 4 });
  const warm = await during(effort.warmUpSeconds, first.requestsPerSecond);
  return () => during(effort.roundSeconds, warm.requestsPerSecond);
};
