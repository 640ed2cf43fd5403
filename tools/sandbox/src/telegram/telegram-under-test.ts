import { Api } from 'grammy';
import type { Message, PreCheckoutQuery } from 'grammy/types';
import type { SandboxDependencies } from '../app.ts';
import { eventually } from '../testing/eventually.ts';
import { startSandbox, type StartedSandbox } from '../testing/start-sandbox.ts';
import type { presentPayment } from './control/present.ts';
import type { Person } from './state.ts';

export const token = '7000000001:AAExampleTokenOfTheSandbox_01234567';
export const otherToken = '7000000002:AAExampleTokenOfTheSandbox_01234567';
export const username = 'sandbox_7000000001_bot';

export const starsInvoice = {
  title: 'Tea',
  description: 'A cup of tea',
  payload: 'order-1',
  provider_token: '',
  currency: 'XTR',
  prices: [{ label: 'Tea', amount: 30 }],
};

export type ShownPayment = ReturnType<typeof presentPayment>;

export interface ShownChat {
  blocked: boolean;
  user: Person;
  messages: Message[];
  payments: ShownPayment[];
}

/** A sandbox with a bot's client and the people who talk to the bot, over HTTP all of it. */
export interface TelegramUnderTest extends AsyncDisposable {
  started: StartedSandbox;
  url: string;
  /** The client of the bot; every call is one request. */
  api: Api;
  /** A call of the Bot API without a client. */
  call: (method: string, body?: object, of?: string) => Promise<{ status: number; body: unknown }>;
  /** A control route; fails the test unless it answers 200. */
  control: <T = unknown>(method: string, path: string, body?: object) => Promise<T>;
  /** A control route whatever it answers. */
  tryControl: (
    method: string,
    path: string,
    body?: object,
  ) => Promise<{ status: number; body: unknown }>;
  person: (facts?: object) => Promise<Person>;
  chat: (user: number) => Promise<ShownChat>;
  /** Resolves with the last message of the chat once it fits. */
  lastMessage: (user: number, fits: (message: Message) => boolean) => Promise<Message>;
  pay: (user: number, what: object) => Promise<ShownPayment>;
  /** A link of an invoice in Stars, or of another. */
  createLink: (invoice?: object) => Promise<string>;
  /** The pre-checkout queries that are not confirmed, once there are so many. */
  queries: (count?: number) => Promise<PreCheckoutQuery[]>;
  close: () => Promise<void>;
}

/** A field of what a route answered. */
export const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;

const readAnswer = async (response: Response): Promise<{ status: number; body: unknown }> => ({
  status: response.status,
  body: await response.json(),
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each test names what its route answers
const asAnswered = <T>(body: unknown): T => body as T;

export const startTelegram = async (
  options: { env?: Record<string, string> } & Partial<SandboxDependencies> = {},
): Promise<TelegramUnderTest> => {
  const started = await startSandbox(options);
  const { url } = started;
  const api = new Api(token, { apiRoot: url });
  await api.getMe();

  const tryControl: TelegramUnderTest['tryControl'] = async (method, path, body) =>
    readAnswer(
      await fetch(`${url}/_sandbox/telegram${path}`, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  const control: TelegramUnderTest['control'] = async (method, path, body) => {
    const answer = await tryControl(method, path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return asAnswered(answer.body);
  };
  const chat = (user: number): Promise<ShownChat> => control('GET', `/chats/${username}/${user}`);

  const call: TelegramUnderTest['call'] = async (method, body = {}, of = token) =>
    readAnswer(
      await fetch(`${url}/bot${of}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );

  return {
    started,
    url,
    api,
    call,
    control,
    tryControl,
    person: (facts = {}) => control('POST', '/users', { first_name: 'Ada', stars: 100, ...facts }),
    chat,
    lastMessage: async (user, fits) => {
      let last: Message | undefined;
      await eventually(async () => {
        last = (await chat(user)).messages.at(-1);
        return last !== undefined && fits(last);
      });
      if (last === undefined) throw new Error('There is no message');
      return last;
    },
    pay: (user, what) => control('POST', `/users/${user}/pay`, what),
    createLink: async (invoice = {}) => {
      const { body } = await call('createInvoiceLink', { ...starsInvoice, ...invoice });
      return String(fieldOf(body, 'result'));
    },
    queries: async (count = 1) => {
      let found: PreCheckoutQuery[] = [];
      await eventually(async () => {
        const updates = await api.getUpdates();
        found = updates.flatMap(({ pre_checkout_query: query }) => query ?? []);
        return found.length >= count;
      });
      return found;
    },
    close: started.close,
    [Symbol.asyncDispose]: started.close,
  };
};
