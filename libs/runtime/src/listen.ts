import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { ConfigError } from './config.ts';

export interface Listening {
  /** Where it answers, e.g. `http://127.0.0.1:3000`. */
  url: string;
  port: number;
  /** Takes no new request, answers every one that has wholly come in, ends all other connections, then resolves. */
  close(): Promise<void>;
}

/** The URL at which this machine reaches a server that listens on `host`. */
export const httpUrl = (host: string, port: number): string => {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/** Closes a server for good. A connection is kept only while a request that has wholly come in awaits its answer. */
const gracefulClose = (server: Server): (() => Promise<void>) => {
  const unanswered = new Map<Socket, Set<IncomingMessage>>();
  const endUnlessBusy = (socket: Socket): void => {
    const requests = unanswered.get(socket) ?? [];
    if (![...requests].some(({ complete }) => complete)) socket.destroy();
  };
  server.on('connection', (socket: Socket) => {
    unanswered.set(socket, new Set());
    socket.once('close', () => unanswered.delete(socket));
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    unanswered.get(socket)?.add(request);
    response.once('close', () => {
      unanswered.get(socket)?.delete(request);
      if (!server.listening) setImmediate(endUnlessBusy, socket);
    });
  });
  return () =>
    new Promise((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      for (const socket of unanswered.keys()) endUnlessBusy(socket);
    });
};

/** Serves HTTP on `host:port` (0 picks a free port). @throws ConfigError when the address cannot be bound */
export const listen = async (
  listener: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> => {
  const server = createServer(listener);
  const close = gracefulClose(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new ConfigError(`Cannot listen on ${httpUrl(host, port)}: ${cause.message}`, { cause }),
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP address');
  return {
    url: httpUrl(host, address.port),
    port: address.port,
    close,
  };
};
