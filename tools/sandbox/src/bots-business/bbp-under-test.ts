import { z } from 'zod';
import { startSandbox, type StartedSandbox } from '../testing/start-sandbox.ts';

export const seller = { id: 7378059553, pin: '123456' };
export const payer = { id: 519829299, pin: '4321' };

/** The parameters of the seed. */
export const order = {
  amount: 10,
  userId: seller.id,
  pin: seller.pin,
  description: 'Payment for test',
  title: 'Test Payment',
  payload: 'user123-payment',
};

export interface StartedBbp extends AsyncDisposable {
  started: StartedSandbox;
  get: (command: string, params: Record<string, string>) => Promise<Response>;
  post: (command: string, params: unknown) => Promise<Response>;
  /** What a POST of JSON answers. */
  ask: (command: string, params: object) => Promise<unknown>;
  /** The id of a new invoice of the seller's. */
  invoice: (params?: object) => Promise<string>;
  control: (method: string, path: string, body?: unknown) => Promise<Response>;
  putUser: (id: number, user?: object) => Promise<Response>;
  /** In BBP. */
  balanceOf: (id: number) => Promise<number>;
}

const path = (command: string): string => `/v2/bots/1914078/web-app/${command}`;

export const jsonOf = async (answer: Response | Promise<Response>): Promise<unknown> =>
  (await answer).json();

const User = z.object({ balance: z.number() });

const Made = z.object({ invoice: z.object({ invoiceId: z.string() }) });

/** A sandbox whose BBP bot has two users: a seller without points, and a payer with 100 BBP. */
export const startBbp = async (
  options: Parameters<typeof startSandbox>[0] = {},
): Promise<StartedBbp> => {
  const started = await startSandbox(options);
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const control: StartedBbp['control'] = (method, route, body) =>
    started.call(method, `/_sandbox/bots-business${route}`, {
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const post: StartedBbp['post'] = (command, params) =>
    started.call('POST', path(command), { headers, body: JSON.stringify(params) });
  const putUser: StartedBbp['putUser'] = (id, user = {}) =>
    control('PUT', `/users/${id}`, { pin: null, balance: 0, webhook: null, ...user });
  await putUser(seller.id, { pin: seller.pin });
  await putUser(payer.id, { pin: payer.pin, balance: 100 });

  return {
    started,
    get: (command, params) =>
      started.call('GET', `${path(command)}?${new URLSearchParams(params).toString()}`),
    post,
    ask: (command, params) => jsonOf(post(command, params)),
    invoice: async (params = {}) =>
      Made.parse(await jsonOf(post('new-invoice', { ...order, ...params }))).invoice.invoiceId,
    control,
    putUser,
    balanceOf: async (id) => User.parse(await jsonOf(control('GET', `/users/${id}`))).balance,
    [Symbol.asyncDispose]: () => started.close(),
  };
};
