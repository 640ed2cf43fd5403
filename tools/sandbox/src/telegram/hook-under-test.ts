import { listen } from '@quittance/runtime';
import type { Update } from 'grammy/types';
import { eventually } from '../testing/eventually.ts';

export interface ReceivedUpdate {
  update: Update;
  /** Undefined when there was none. */
  secret: string | undefined;
  contentType: string | undefined;
}

export interface HookAnswer {
  /** NaN answers never. */
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface Hook extends AsyncDisposable {
  url: string;
  received: ReceivedUpdate[];
  /** What each update was about: the text of a message, else the name of its kind. */
  told: () => string[];
  arrived: (count: number) => Promise<void>;
  /** Decides each answer from now on. */
  answerWith: (answer: (received: ReceivedUpdate, ordinal: number) => HookAnswer) => void;
  /** How many requests are being answered at this moment. */
  open: () => number;
}

const nameOf = ({ update_id: _id, message, ...rest }: Update): string => {
  if (message === undefined) return Object.keys(rest)[0] ?? '';
  if (message.text !== undefined) return message.text;
  return message.successful_payment === undefined ? 'refunded_payment' : 'successful_payment';
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sandbox posts nothing but updates
const asUpdate = (body: string): Update => JSON.parse(body) as Update;

/** The webhook of a bot: a real HTTP server. */
export const startHook = async (): Promise<Hook> => {
  const received: ReceivedUpdate[] = [];
  let decide: (received: ReceivedUpdate, ordinal: number) => HookAnswer = () => ({ status: 200 });
  let open = 0;
  const server = await listen(
    (request, response) => {
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const secret = request.headers['x-telegram-bot-api-secret-token'];
        const one = {
          update: asUpdate(Buffer.concat(chunks).toString()),
          secret: typeof secret === 'string' ? secret : undefined,
          contentType: request.headers['content-type'],
        };
        received.push(one);
        const { status, headers, body } = decide(one, received.length);
        if (!Number.isNaN(status)) response.writeHead(status, headers).end(body);
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    url: `${server.url}/hook`,
    received,
    told: () => received.map(({ update }) => nameOf(update)),
    arrived: (count) => eventually(() => received.length >= count),
    answerWith: (answer) => {
      decide = answer;
    },
    open: () => open,
    [Symbol.asyncDispose]: () => server.close(),
  };
};
