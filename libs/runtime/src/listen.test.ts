import { expect, test } from 'vitest';
import { listen } from './listen.ts';

/** How long Node would keep an idle connection open at the least. */
const keepAliveMs = 2000;

test('close lets the request under way finish and does not wait for idle keep-alive connections', async () => {
  let finish: (() => void) | undefined;
  const started = Promise.withResolvers<void>();
  const server = await listen(
    (_request, response) => {
      finish = () => response.end('done');
      started.resolve();
    },
    { host: '127.0.0.1', port: 0 },
  );

  const answer = fetch(server.url);
  await started.promise;
  const closed = server.close();
  finish?.();
  const finishedAt = performance.now();

  expect(await (await answer).text()).toBe('done');
  await closed;
  expect(performance.now() - finishedAt).toBeLessThan(keepAliveMs);
  await expect(fetch(server.url)).rejects.toThrow();
});

test('a taken port is refused', async () => {
  const first = await listen((_request, response) => response.end(), {
    host: '127.0.0.1',
    port: 0,
  });
  await expect(
    listen((_request, response) => response.end(), { host: '127.0.0.1', port: first.port }),
  ).rejects.toThrow('EADDRINUSE');
  await first.close();
});
