import { once } from 'node:events';
import { createServer } from 'node:net';

export const host = '127.0.0.1';

/** A port of this machine that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Not a TCP address');
  return address.port;
};
