import { verifyWebhook, type WebhookEvent } from '@quittance/contracts/webhooks';
import { listen } from '@quittance/runtime';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { expect } from 'vitest';

/** A delivery that came in, whatever was answered. */
export interface Received {
  id: string;
  body: string;
  headers: Record<string, string>;
  event: WebhookEvent;
  /** Those of the receiver's secrets that both independent libraries take it with. */
  signedWith: string[];
  /** System time, UTC ms. */
  at: number;
  status: number;
}

interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
  /** How long it takes, in ms. */
  afterMs?: number;
}

export interface WebhookReceiver extends AsyncDisposable {
  url: string;
  /** What it verifies with: none until it is told. */
  secrets: string[];
  received: Received[];
  /** What could not be verified or read. A test expects it to be empty. */
  problems: string[];
  /** Decides each answer from now on; 200 at once without. */
  answerWith: (answer: (received: Omit<Received, 'status'>) => Answer) => void;
  /** The types of what was taken with 2xx, in the order of their coming. */
  taken: () => string[];
  /** Resolves when a message of this type has come. */
  told: (type: WebhookEvent['type']) => Promise<Received>;
}

/** Whether the libraries that a merchant may use take a message; they have to agree. */
const isSignedWith = (secret: string, body: string, headers: Record<string, string>): boolean => {
  const verdicts = [new StandardWebhook(secret), new SvixWebhook(secret)].map((webhook) => {
    try {
      webhook.verify(body, headers);
      return true;
    } catch {
      return false;
    }
  });
  if (new Set(verdicts).size > 1) throw new Error('The libraries do not agree');
  return verdicts[0] === true;
};

const isSuccess = ({ status }: Received): boolean => status >= 200 && status < 300;

/** A merchant's server, which verifies every delivery with `standardwebhooks`, with `svix` and with our own function. */
export const openReceiver = async ({ port = 0 } = {}): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  const problems: string[] = [];
  const secrets: string[] = [];
  let answerOf: (received: Omit<Received, 'status'>) => Answer = () => ({ status: 200 });

  const take = (body: string, headers: Record<string, string>): Answer => {
    const signedWith = secrets.filter((secret) => isSignedWith(secret, body, headers));
    const event = verifyWebhook({ payload: body, headers, secret: signedWith });
    const one = { id: headers['webhook-id'] ?? '', body, headers, event, signedWith };
    const whole = { ...one, at: Date.now() };
    const answer = answerOf(whole);
    received.push({ ...whole, status: answer.status });
    return answer;
  };

  const server = await listen(
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const body = Buffer.concat(chunks).toString();
        try {
          const answer = take(body, headers);
          setTimeout(
            () => response.writeHead(answer.status, answer.headers).end(answer.body),
            answer.afterMs ?? 0,
          );
        } catch (error) {
          problems.push(`${String(error)}: ${headers['webhook-id']} ${body}`);
          response.writeHead(400).end();
        }
      });
    },
    { host: '127.0.0.1', port },
  );

  return {
    url: `${server.url}/hook`,
    secrets,
    received,
    problems,
    answerWith: (answer) => {
      answerOf = answer;
    },
    taken: () => received.filter(isSuccess).map(({ event }) => event.type),
    told: async (type) => {
      const find = () => received.find(({ event }) => event.type === type);
      await expect.poll(() => find()?.event.type, { timeout: 10_000, interval: 20 }).toBe(type);
      const one = find();
      if (!one) throw new Error(`Nobody told of ${type}`);
      return one;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
};
