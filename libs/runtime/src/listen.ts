import { createServer, type RequestListener, type Server } from 'node:http';
import { ConfigError } from './config.ts';

export interface Listening {
  /** Where it answers, e.g. `http://127.0.0.1:3000`. */
  url: string;
  port: number;
  /** Takes no new connection, lets every request under way finish, then resolves. */
  close(): Promise<void>;
}

/** The URL at which this machine reaches a server that listens on `host`. */
export const httpUrl = (host: string, port: number): string => {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

const closeGracefully = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });

/** Serves HTTP on `host:port` (0 picks a free port). @throws ConfigError when the address cannot be bound */
export const listen = async (
  listener: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> => {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new ConfigError(`Cannot listen on ${httpUrl(host, port)}: ${cause.message}`, { cause }),
      );
    });
    server.listen(port, host, resolve);
  });
  server.on('request', (_request, response) => {
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP address');
  return {
    url: httpUrl(host, address.port),
    port: address.port,
    close: () => closeGracefully(server),
  };
};
