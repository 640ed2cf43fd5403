import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

/** A delivery whose signature both libraries have verified. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  webhookId: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** What did not verify, and why. */
  forged: string[];
  /** How many requests were open at the same time at most. */
  mostAtOnce: () => number;
  [Symbol.asyncDispose]: () => Promise<void>;
}

export type Answer = (response: ServerResponse, received: Received) => void;

export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It does not listen');
  return address.port;
};

const verify = (secret: string, { headers, body }: Pick<Received, 'headers' | 'body'>): void => {
  const read = (name: string): string => String(headers[name]);
  const signed = {
    'webhook-id': read('webhook-id'),
    'webhook-timestamp': read('webhook-timestamp'),
    'webhook-signature': read('webhook-signature'),
  };
  new StandardWebhook(secret).verify(body, signed);
  new SvixWebhook(secret).verify(body, signed);
};

/**
 * A merchant's server that takes only what the `standardwebhooks` and `svix` packages both verify with every secret it
 * knows: anything else is answered 400 and noted.
 */
export const openReceiver = async (
  secretsOf: (path: string) => readonly string[],
  answer: Answer = answering(200),
): Promise<Receiver> => {
  const received: Received[] = [];
  const forged: string[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const { headers, url: path = '' } = request;
    const take = async (): Promise<void> => {
      const one = {
        path,
        headers,
        body: await text(request),
        webhookId: String(headers['webhook-id']),
      };
      const secrets = secretsOf(path);
      if (secrets.length === 0) throw new Error(`Nobody listens at ${path}`);
      for (const secret of secrets) verify(secret, one);
      received.push(one);
      answer(response, one);
    };
    take().catch((error: unknown) => {
      forged.push(String(error));
      response.writeHead(400).end();
    });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    forged,
    mostAtOnce: () => most,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export interface RawReceiver {
  url: string;
  connections: () => number;
  /** Requests that have begun. */
  requests: () => number;
  [Symbol.asyncDispose]: () => Promise<void>;
}

/** A server that does with a connection what it likes once a request has begun. */
export const openRawReceiver = async (
  onRequest: (socket: Socket) => void = () => {},
): Promise<RawReceiver> => {
  const sockets = new Set<Socket>();
  let connections = 0;
  let requests = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => void sockets.delete(socket));
    socket.on('data', (chunk) => {
      if (!chunk.toString('latin1').startsWith('POST ')) return;
      requests += 1;
      onRequest(socket);
    });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** A URL that nobody listens at. */
export const deadUrl = async (): Promise<string> => {
  const server = createTcpServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
};
