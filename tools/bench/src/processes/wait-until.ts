import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 5;

/** Asks until there is an answer. @throws when there is none in time, or `failure` tells why there will be none */
export const waitUntil = async <T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { timeoutMs = 30_000, failure }: { timeoutMs?: number; failure?: () => string | undefined } = {},
): Promise<T> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const reason = failure?.();
    if (reason !== undefined) throw new Error(`${what}: ${reason}`);
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(everyMs);
  }
};
