import { listen } from '@quittance/runtime';
import { Stripe } from 'stripe';

export const webhookSecret = 'whsec_receiver_of_the_tests';

export interface ReceivedWebhook {
  body: string;
  signature: string;
  /** Undefined when the signature is not valid. */
  event: Stripe.Event | undefined;
}

export interface Receiver extends AsyncDisposable {
  url: string;
  received: ReceivedWebhook[];
  types: () => string[];
  /** Resolves once `count` requests have arrived in all. */
  arrived: (count: number) => Promise<void>;
  /** Chooses the status of each answer from now on by the number of the request, from 1; NaN answers never. */
  answerWith: (status: (ordinal: number) => number) => void;
  close: () => Promise<void>;
}

/** A merchant's webhook endpoint: a real HTTP server that verifies with the official SDK. */
export const startReceiver = async (secret = webhookSecret): Promise<Receiver> => {
  const received: ReceivedWebhook[] = [];
  let statusOf: (ordinal: number) => number = () => 200;
  let watchers: { count: number; resolve: () => void }[] = [];

  const verified = (body: string, signature: string): Stripe.Event | undefined => {
    try {
      return Stripe.webhooks.constructEvent(body, signature, secret, Number.MAX_SAFE_INTEGER);
    } catch {
      return undefined;
    }
  };

  const server = await listen(
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const body = Buffer.concat(chunks).toString();
        const signature = String(request.headers['stripe-signature']);
        received.push({ body, signature, event: verified(body, signature) });
        const status = statusOf(received.length);
        if (!Number.isNaN(status)) {
          response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
        }
        for (const { count, resolve } of watchers) if (received.length >= count) resolve();
        watchers = watchers.filter(({ count }) => received.length < count);
      });
    },
    { host: '127.0.0.1', port: 0 },
  );

  return {
    url: `${server.url}/webhooks/stripe`,
    received,
    types: () => received.map(({ event }) => event?.type ?? 'not verified'),
    arrived: (count) =>
      received.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            watchers.push({ count, resolve });
          }),
    answerWith: (status) => {
      statusOf = status;
    },
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
};
