import { randomBytes } from 'node:crypto';
import { setInterval } from 'node:timers';
import type { Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  answering,
  deadUrl,
  openRawReceiver,
  openReceiver,
} from './receiver-under-test.ts';
import { sendAttempt, type SentAttempt, type SignedFor } from './send-attempt.ts';
import { createSender } from './sender.ts';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const secret = newSecret();

const rules = { sandbox: true, webhookNetworks: [] };
const sender = createSender(rules);
/** For what would hang. */
const hasty = createSender({ ...rules, timeoutMs: 150 });
afterAll(async () => {
  await sender.close();
  await hasty.close();
});

const message: Omit<SignedFor, 'url'> = {
  webhookId: 'evt_7',
  body: JSON.stringify({ type: 'invoice.paid', data: { name: 'Zoë 😀' } }),
  format: 'standard',
  secrets: [secret],
  headers: {},
};

const send = (url: string, change: Partial<SignedFor> = {}, by = sender): Promise<SentAttempt> =>
  sendAttempt(by, { ...message, url, ...change });

/** Sends to a server that answers so. */
const sendTo = async (answer: Answer, change?: Partial<SignedFor>): Promise<SentAttempt> => {
  await using receiver = await openReceiver(() => [secret], answer);
  const sent = await send(receiver.url, change);
  expect(receiver.forged).toEqual([]);
  expect(receiver.received).toHaveLength(1);
  return sent;
};

/** Sends to a server that does so with the connection. */
const sendToRaw = async (onRequest: (socket: Socket) => void, by = hasty): Promise<SentAttempt> => {
  await using receiver = await openRawReceiver(onRequest);
  return await send(receiver.url, {}, by);
};

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';

describe('what is sent', () => {
  test('verifies with every secret of an endpoint, and carries its headers', async () => {
    const old = newSecret();
    await using receiver = await openReceiver(() => [secret, old]);
    const headers = { 'X-Shop': 'one', Authorization: 'Bearer hush' };
    const sent = await send(`${receiver.url}/hook?token=1`, { secrets: [secret, old], headers });
    expect(sent).toMatchObject({ result: 'succeeded', httpStatus: 200, error: null });
    const [received] = receiver.received;
    expect(received).toMatchObject({ path: '/hook?token=1', body: message.body });
    expect(received?.headers).toMatchObject({
      'webhook-id': 'evt_7',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(message.body)),
      'user-agent': expect.stringMatching(/^Quittance\/\d+\.\d+\.\d+ \(\+https:/),
      'x-shop': 'one',
      authorization: 'Bearer hush',
    });
    expect(received?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  });

  test('is signed as of now, to the second', async () => {
    await using receiver = await openReceiver(() => [secret]);
    const before = Math.floor(Date.now() / 1000);
    await send(receiver.url);
    const timestamp = Number(receiver.received[0]?.headers['webhook-timestamp']);
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('does not verify with another secret, so the receiver of these tests can tell', async () => {
    await using receiver = await openReceiver(() => [newSecret()]);
    expect(await send(receiver.url)).toMatchObject({ result: 'rejected', httpStatus: 400 });
    expect(receiver.received).toEqual([]);
    expect(receiver.forged).toEqual([expect.stringContaining('No matching signature')]);
  });
});

describe('an answer', () => {
  test.each([200, 201, 202, 204, 299])('%i is success', async (status) => {
    expect(await sendTo(answering(status))).toMatchObject({
      result: 'succeeded',
      httpStatus: status,
    });
  });

  test.each([300, 304, 400, 401, 404, 410, 429, 500, 503])('%i is not', async (status) => {
    expect(await sendTo(answering(status))).toMatchObject({
      result: 'rejected',
      httpStatus: status,
    });
  });

  test.each([
    [200, 'succeeded'],
    [201, 'rejected'],
    [202, 'rejected'],
    [204, 'rejected'],
    [299, 'rejected'],
    [304, 'rejected'],
    [404, 'rejected'],
    [500, 'rejected'],
  ])('%i to a message as Bitsby sends it has %s', async (status, result) => {
    expect(await sendTo(answering(status), { format: 'bitsby' })).toMatchObject({
      result,
      httpStatus: status,
      error: null,
    });
  });

  test.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    await using elsewhere = await openReceiver(() => [secret]);
    const sent = await sendTo(answering(status, { location: elsewhere.url }));
    expect(sent).toMatchObject({ result: 'rejected', httpStatus: status });
    expect(sent.responseHeaders).toMatchObject({ location: elsewhere.url });
    expect(elsewhere.received).toEqual([]);
  });

  test('tells how long to wait, in seconds or as a date', async () => {
    const inSeconds = await sendTo(answering(429, { 'retry-after': '120' }));
    expect(inSeconds.retryAfterMs).toBe(120_000);
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const byDate = await sendTo(answering(503, { 'retry-after': date }));
    expect(byDate.retryAfterMs).toBeGreaterThan(3_590_000);
    expect(byDate.retryAfterMs).toBeLessThanOrEqual(3_600_000);
    expect((await sendTo(answering(503))).retryAfterMs).toBeNull();
  });

  test('is kept', async () => {
    const sent = await sendTo(answering(422, { 'x-why': 'because' }, 'I do not know that order'));
    expect(sent.responseBody).toBe('I do not know that order');
    expect(sent.responseHeaders).toMatchObject({ 'x-why': 'because' });
    expect(sent.durationMs).toBeGreaterThanOrEqual(0);
  });

  test('of many megabytes is cut off, on the whole character, and not waited for', async () => {
    let ended = false;
    const sent = await sendTo((response) => {
      response.once('close', () => {
        ended = response.writableFinished;
      });
      // Never ends by itself.
      const more = (): void => {
        while (response.write('€'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    });
    expect(sent).toMatchObject({ result: 'succeeded', httpStatus: 200, error: null });
    expect(sent.responseBody).toBe('€'.repeat(1365));
    expect(ended).toBe(false);
  });

  test('with many headers is kept up to 4 KiB of them', async () => {
    const headers = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`x-${index}`, 'a'.repeat(1000)]),
    );
    const { responseHeaders, result } = await sendTo(answering(200, headers));
    expect(result).toBe('succeeded');
    expect(Object.keys(responseHeaders)).toEqual(['x-0', 'x-1', 'x-2', 'x-3']);
  });

  test('that is no UTF-8, or has NUL in it, becomes text that any database stores', async () => {
    const sent = await sendTo((response) =>
      response.end(Buffer.from([0x61, 0xff, 0x00, 0xc3, 0x28, 0x62])),
    );
    expect(sent.responseBody).toBe('a\uFFFD\uFFFD\uFFFD(b');
  });
});

describe('a server that', () => {
  test('does not answer', async () => {
    const sent = await sendToRaw(() => {});
    expect(sent).toMatchObject({
      result: 'timeout',
      httpStatus: null,
      responseBody: null,
      error: 'There was no whole answer in time',
    });
    expect(sent.durationMs).toBeGreaterThanOrEqual(149);
    expect(sent.durationMs).toBeLessThan(1000);
  });

  test.each([
    ['bytes of its headers', 'HTTP/1.1 200 OK\r\nx-slow: '],
    ['bytes of its body', `${head}content-length: 100000\r\n\r\n`],
  ])('drips %s for ever', async (_, start) => {
    const sent = await sendToRaw((socket) => {
      socket.write(start);
      const drip = setInterval(() => socket.write('a'), 10);
      socket.once('close', () => clearInterval(drip));
    });
    expect(sent.result).toBe('timeout');
    expect(sent.durationMs).toBeLessThan(1000);
  });

  test('closes early', async () => {
    const sent = await sendToRaw((socket) =>
      socket.end(`${head}content-length: 100\r\n\r\nbroken off`),
    );
    expect(sent).toMatchObject({
      result: 'unreachable',
      httpStatus: 200,
      responseBody: 'broken off',
      error: 'The connection was closed before the answer was whole',
    });
  });

  test('closes without a word', async () => {
    const sent = await sendToRaw((socket) => socket.end());
    expect(sent).toMatchObject({ result: 'unreachable', httpStatus: null });
    expect(sent.error).toBe('The connection was closed before the answer was whole');
  });

  test('resets the connection', async () => {
    const sent = await sendToRaw((socket) => socket.resetAndDestroy());
    expect(sent).toMatchObject({ result: 'unreachable', error: 'The connection was cut off' });
  });

  test('sends headers without end', async () => {
    const sent = await sendToRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`x-more: ${'a'.repeat(1000)}\r\n`.repeat(100)}`);
    }, sender);
    const error = 'The headers of the answer are too large';
    expect(sent).toMatchObject({ result: 'unreachable', httpStatus: null, error });
  });

  test('does not speak HTTP', async () => {
    const sent = await sendToRaw((socket) => socket.end('220 mail.test ESMTP\r\n'));
    const error = 'The answer is not HTTP';
    expect(sent).toMatchObject({ result: 'unreachable', httpStatus: null, error });
  });

  test('is not there', async () => {
    const sent = await send(await deadUrl());
    expect(sent).toMatchObject({ result: 'unreachable', error: 'The connection was refused' });
  });
});
