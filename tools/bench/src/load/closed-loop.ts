import type { LoadResult } from './load.ts';

/** Makes calls in so many loops, each waiting for its own answer, with whatever client `call` uses. */
export const closedLoop = async (
  call: () => Promise<unknown>,
  { concurrency, requests }: { concurrency: number; requests: number },
): Promise<LoadResult> => {
  const latencies: number[] = [];
  let left = requests;
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await call();
      latencies.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (performance.now() - startedAt) / 1000;
  return { requests, requestsPerSecond: requests / seconds, latencies };
};
