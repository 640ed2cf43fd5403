import { once } from 'node:events';
import { connect } from 'node:net';
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

test.each([
  ['nothing', ''],
  ['half a head', 'POST / HTTP/1.1\r\nhost: x\r\n'],
  ['half a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf'],
])('close cuts off a client that has sent %s, and answers the others', async (_name, sent) => {
  let finish: (() => void) | undefined;
  const started = Promise.withResolvers<void>();
  const halfSent = Promise.withResolvers<void>();
  const server = await listen(
    (request, response) => {
      if (request.method === 'POST') {
        halfSent.resolve();
        return;
      }
      finish = () => response.end('done');
      started.resolve();
    },
    { host: '127.0.0.1', port: 0 },
  );
  const slow = connect(server.port, '127.0.0.1');
  slow.on('error', () => undefined);
  const cutOff = once(slow, 'close');
  await once(slow, 'connect');
  slow.write(sent);
  if (sent.includes('half')) await halfSent.promise;

  const answer = fetch(server.url);
  await started.promise;
  const closed = server.close();
  await cutOff;
  finish?.();
  expect(await (await answer).text()).toBe('done');
  await closed;
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
