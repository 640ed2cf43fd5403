import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createResolver, resolveLocally } from './resolve-name.ts';

const nameOf = (query: Buffer): string => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return labels.join('.');
};

const typeA = 1;

/** The answer to a query, https://www.rfc-editor.org/rfc/rfc1035#section-4: an A record, or the code of a failure. */
const reply = (query: Buffer, { code, address }: { code: number; address?: number[] }): Buffer => {
  const answer = Buffer.from(query.subarray(0, query.indexOf(0, 12) + 5));
  const type = answer.readUInt16BE(answer.length - 4);
  const isAnswered = address !== undefined && type === typeA;
  answer.writeUInt16BE(0x8180 | code, 2);
  answer.writeUInt16BE(isAnswered ? 1 : 0, 6);
  answer.writeUInt32BE(0, 8);
  const record = [0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4, ...(address ?? [])];
  return isAnswered ? Buffer.concat([answer, Buffer.from(record)]) : answer;
};

const nameError = 3;

/** A name server that knows `shop.test`, hangs for `hangs.test` and knows of no other. */
const openNameServer = async () => {
  const socket: Socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const name = nameOf(query);
    asked.push(name);
    if (name.endsWith('hangs.test')) return;
    const isShop = name === 'shop.test';
    const answer = isShop ? { code: 0, address: [93, 184, 215, 14] } : { code: nameError };
    socket.send(reply(query, answer), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    resolve: createResolver({ servers: [`127.0.0.1:${socket.address().port}`], timeoutMs: 100 }),
    asked,
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};

test('names whose servers hang keep no other waiting', async () => {
  await using it = await openNameServer();
  const hanging = Array.from({ length: 50 }, (_, index) => it.resolve(`${index}.hangs.test`));
  const ended = Promise.allSettled(hanging);
  const isOver = ended.then(() => 'over');
  await expect.poll(() => it.asked.length, { interval: 1 }).toBeGreaterThanOrEqual(50);
  expect(await Promise.race([isOver, it.resolve('shop.test')])).toEqual([
    { address: '93.184.215.14', family: 4 },
  ]);
  const outcomes = await ended;
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
});

test('a name that name servers do not know is looked for in the hosts file', async () => {
  await using it = await openNameServer();
  const found = await it.resolve('localhost');
  expect(it.asked).toContain('localhost');
  expect(found).toEqual(await resolveLocally('localhost'));
  await expect(it.resolve('nowhere.invalid')).rejects.toThrow();
});
