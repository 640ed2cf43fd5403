import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { openRawReceiver } from './receiver-under-test.ts';
import { createSender, type PostAnswer, type Sender, type SenderDeps } from './sender.ts';

const sandbox = { sandbox: true, webhookNetworks: [] };

/** A production sender whose names resolve as the test says, one answer after the other. */
const openSender = (
  answers: string[][],
  change: Partial<SenderDeps> = {},
): { sender: Sender; asked: string[] } => {
  const asked: string[] = [];
  const resolve = async (name: string): Promise<LookupAddress[]> => {
    asked.push(name);
    return (answers.shift() ?? []).map((address) => ({ address, family: 4 }));
  };
  const sender = createSender({ ...sandbox, sandbox: false, timeoutMs: 300, resolve, ...change });
  return { sender, asked };
};

const post = async (sender: Sender, url: string): Promise<PostAnswer> => {
  const answer = await sender.post({ url, headers: {}, body: '{}' });
  await sender.close();
  return answer;
};

test.each(['https://127.0.0.1', 'https://2130706433', 'https://[::ffff:7f00:1]', 'http://8.8.8.8'])(
  'never calls %s, whoever stored it',
  async (url) => {
    const { sender, asked } = openSender([]);
    const { failure } = await post(sender, `${url}/`);
    expect(failure).toMatchObject({ name: 'RefusedCallError' });
    expect(asked).toEqual([]);
  },
);

test('a name that resolves to this machine gets no connection', async () => {
  await using receiver = await openRawReceiver();
  const { sender, asked } = openSender([['127.0.0.1']]);
  const { failure } = await post(
    sender,
    receiver.url.replace('http://127.0.0.1', 'https://shop.test'),
  );
  expect(asked).toEqual(['shop.test']);
  expect(failure).toMatchObject({
    name: 'RefusedCallError',
    message: 'The name resolves to a private address',
  });
  expect(receiver.connections()).toBe(0);
});

test('a name that is public when asked and private when asked again is connected to as it was checked', async () => {
  await using receiver = await openRawReceiver();
  const { sender, asked } = openSender([['127.0.0.1'], ['169.254.169.254']], {
    webhookNetworks: ['127.0.0.0/8'],
  });
  const url = receiver.url.replace('http://127.0.0.1', 'https://rebinding.test');
  const first = sender.post({ url, headers: {}, body: '{}' });
  await expect.poll(receiver.connections, { interval: 1 }).toBe(1);
  expect(asked).toEqual(['rebinding.test']);
  const second = await sender.post({ url, headers: {}, body: '{}' });
  expect(second.failure).toMatchObject({ name: 'RefusedCallError' });
  expect(receiver.connections()).toBe(1);
  await sender.close();
  await expect(first).rejects.toThrow();
});

test('where the operator lists a network, its names are called', async () => {
  await using receiver = await openRawReceiver();
  const { sender } = openSender([['127.0.0.1']], { webhookNetworks: ['127.0.0.0/8'] });
  await post(sender, receiver.url.replace('http://127.0.0.1', 'https://shop.test'));
  expect(receiver.connections()).toBe(1);
});

test('a redirect to a private address is an answer like any other', async () => {
  await using hidden = await openRawReceiver();
  await using receiver = await openRawReceiver((socket) =>
    socket.end(`HTTP/1.1 307 Temporary Redirect\r\nlocation: ${hidden.url}\r\n\r\n`),
  );
  const answer = await post(createSender(sandbox), receiver.url);
  expect(answer).toMatchObject({ httpStatus: 307 });
  expect(hidden.connections()).toBe(0);
});

test('many tries at once wait for none of each other', async () => {
  const waiting: (() => void)[] = [];
  await using receiver = await openRawReceiver((socket) => {
    waiting.push(() => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  const sender = createSender(sandbox);
  const posted = { url: receiver.url, headers: {}, body: '{}' };
  const posts = Array.from({ length: 20 }, () => sender.post(posted));
  await expect.poll(() => waiting.length, { interval: 1 }).toBe(20);
  for (const answer of waiting) answer();
  const statuses = (await Promise.all(posts)).map(({ httpStatus }) => httpStatus);
  expect(statuses).toEqual(Array.from({ length: 20 }, () => 204));
  await sender.close();
});

test('a connection is used again', async () => {
  await using receiver = await openRawReceiver((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  });
  const sender = createSender(sandbox);
  for (let times = 0; times < 20; times += 1) {
    await sender.post({ url: receiver.url, headers: {}, body: '{}' });
  }
  expect(receiver.requests()).toBe(20);
  // The next may begin while the first is still being put back.
  expect(receiver.connections()).toBeLessThanOrEqual(3);
  await sender.close();
});

test('closing cuts off what is under way, and says that nobody knows what came of it', async () => {
  await using receiver = await openRawReceiver();
  const sender = createSender(sandbox);
  const cut = sender.post({ url: receiver.url, headers: {}, body: '{}' });
  await expect.poll(() => receiver.requests(), { interval: 1 }).toBe(1);
  await sender.close();
  await sender.close();
  await expect(cut).rejects.toThrow(expect.objectContaining({ name: 'SenderClosedError' }));
  const late = sender.post({ url: receiver.url, headers: {}, body: '{}' });
  await expect(late).rejects.toThrow(expect.objectContaining({ name: 'SenderClosedError' }));
});
