import autocannon from 'autocannon';
import type { Request } from '../processes/http.ts';

export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  /** In milliseconds, one a request. */
  latencies: number[];
}

const maxMilliseconds = 120_000;

/**
 * Posts a request so many times over so many connections.
 * @throws when an answer is not 2xx or fails to come
 */
export const load = (
  { url, headers, body }: Request,
  { concurrency, requests }: { concurrency: number; requests: number },
): Promise<LoadResult> =>
  new Promise((resolve, reject) => {
    const latencies: number[] = [];
    const startedAt = performance.now();
    let endedAt = startedAt;
    const options = {
      url,
      method: 'POST' as const,
      headers,
      body,
      connections: concurrency,
      amount: requests,
      sampleInt: 50,
    };
    const run = autocannon(options, (error, { errors, non2xx, statusCodeStats }) => {
      clearTimeout(timer);
      if (error) return reject(error);
      if (errors > 0 || non2xx > 0 || latencies.length < requests) {
        const statuses = JSON.stringify(statusCodeStats);
        const answers = `${latencies.length} answers of ${requests}, ${errors} errors, statuses ${statuses}`;
        return reject(new Error(`${url}: ${answers}`));
      }
      const seconds = (endedAt - startedAt) / 1000;
      return resolve({ requests, requestsPerSecond: requests / seconds, latencies });
    });
    const timer = setTimeout(run.stop, maxMilliseconds);
    run.on('response', (_client, _status, _bytes, milliseconds) => {
      endedAt = performance.now();
      latencies.push(milliseconds);
    });
  });
