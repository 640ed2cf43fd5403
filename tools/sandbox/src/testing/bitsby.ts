import { expect } from 'vitest';
import { z } from 'zod';
import { startSandbox, type StartedSandbox } from './start-sandbox.ts';

/** Those of the documentation's examples. */
export const bitsbyKey = 'MSvL2ltaDZdWVjmZURURMVWhqSJLT2NURjhL2Fla1Z1T1IxQTltKs1T3Ay';
export const bitsbyProjectId = '9deea1e2-0c08-41a3-bdc2-a34eada3892d';

const Wallet = z.object({ id: z.string(), name: z.string(), amountCrypto: z.string() });

const Created = z.object({
  id: z.string(),
  uid: z.string(),
  amountFiatUSD: z.string(),
  commissionFiatUSD: z.string(),
  url: z.string(),
  wallets: z.array(Wallet),
});

export type CreatedInvoice = z.infer<typeof Created>;

const Payment = z.object({
  id: z.string(),
  amount: z.string(),
  hash: z.string(),
  isBound: z.boolean(),
  calcAmountFiat: z.string(),
});

const Acted = z.object({
  invoice: z.looseObject({ status: z.string(), views: z.number() }),
  payments: z.array(Payment),
  payment: Payment,
});

type Fields = Record<string, string | Blob>;

export const formOf = (fields: Fields): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

/** An order of 10.55 EUR, as in the documentation. */
export const order = {
  projectId: bitsbyProjectId,
  amountFiat: '10.55',
  currencyFiat: 'EUR',
  timeToPay: '6',
};

export interface BitsbyClient {
  started: StartedSandbox;
  /** A call of the API with multipart fields, as `curl -F` makes them; what it answers, whatever that is. */
  post: (
    path: string,
    fields?: Fields,
    apiKey?: string,
  ) => Promise<{ status: number; body: unknown }>;
  /** The `data` of a call that has to work. */
  data: (path: string, fields?: Fields, apiKey?: string) => Promise<unknown>;
  /** The `data` of a call that has to answer with a list. */
  list: (path: string, fields?: Fields, apiKey?: string) => Promise<Record<string, unknown>[]>;
  /** The text of a call that has to be refused. */
  refusal: (path: string, fields?: Fields, apiKey?: string) => Promise<string>;
  create: (more?: Partial<Record<string, string>>, apiKey?: string) => Promise<CreatedInvoice>;
  /** What the buttons of the payment page do. */
  act: (uid: string, action: 'pay' | 'bind', body?: object) => Promise<z.infer<typeof Acted>>;
  control: (
    method: string,
    path: string,
    body?: object,
  ) => Promise<{ status: number; body: unknown }>;
  putProject: (more?: object, id?: string) => Promise<void>;
}

/** A client of the Bitsby that a sandbox emulates. */
export const bitsbyClient = (started: StartedSandbox): BitsbyClient => {
  const post: BitsbyClient['post'] = async (path, fields, apiKey = bitsbyKey) => {
    const answer = await fetch(`${started.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Token ${apiKey}` },
      ...(fields !== undefined && { body: formOf(fields) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const dataOf: BitsbyClient['data'] = async (path, fields, apiKey) => {
    const { status, body } = await post(path, fields, apiKey);
    expect({ status, body }).toMatchObject({ status: 200, body: { result: 'success' } });
    return z.object({ data: z.unknown() }).parse(body).data;
  };
  const control: BitsbyClient['control'] = async (method, path, body) => {
    const answer = await fetch(`${started.url}/_sandbox/bitsby${path}`, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    started,
    post,
    data: dataOf,
    list: async (...call) =>
      z.array(z.record(z.string(), z.unknown())).parse(await dataOf(...call)),
    refusal: async (path, fields, apiKey) => {
      const { body } = await post(path, fields, apiKey);
      return z.strictObject({ result: z.literal('error'), data: z.string() }).parse(body).data;
    },
    create: async (more, apiKey) =>
      Created.parse(await dataOf('/invoices/create', formFieldsOf({ ...order, ...more }), apiKey)),
    act: async (uid, action, body = {}) => {
      const answer = await control('POST', `/invoices/${uid}/${action}`, body);
      expect(answer).toMatchObject({ status: 200 });
      return Acted.parse(answer.body);
    },
    control,
    putProject: async (more = {}, id = bitsbyProjectId) => {
      const answer = await control('PUT', `/projects/${id}`, {
        apiKey: bitsbyKey,
        name: 'My project',
        webhookUrl: null,
        commissionPayer: 'seller',
        ...more,
      });
      expect(answer).toMatchObject({ status: 200 });
    },
  };
};

/** Leaves out what is undefined. */
const formFieldsOf = (fields: Partial<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

export interface StartedBitsby extends BitsbyClient, AsyncDisposable {}

/** A sandbox with the documentation's project, and without the rate limit. */
export const startBitsby = async ({
  webhookUrl = null,
  ...options
}: { webhookUrl?: string | null } & Parameters<
  typeof startSandbox
>[0] = {}): Promise<StartedBitsby> => {
  const started = await startSandbox(options);
  const client = bitsbyClient(started);
  await client.putProject({ webhookUrl });
  await client.control('PUT', '/settings', { rateLimit: false });
  return { ...client, [Symbol.asyncDispose]: () => started.close() };
};
