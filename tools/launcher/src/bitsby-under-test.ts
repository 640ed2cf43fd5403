import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { Seed003Created } from '@quittance/contracts/seed-003';
import { listen } from '@quittance/runtime';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { z } from 'zod';
import type { DemoCredentials } from './demo-credentials.ts';
import type { HubUnderTest } from './hub-under-test.ts';

const Uid = z.looseObject({ uid: z.string() });

export interface With<K extends keyof DemoCredentials> {
  demo: Pick<DemoCredentials, K>;
}

/** The fields of the seed's own curl, for the demo project. */
export const orderOf = ({ demo }: With<'projectId'>): Record<string, string> => ({
  projectId: demo.projectId,
  amountFiat: '10.55',
  currencyFiat: 'EUR',
  description: '12 months license for BITSBY',
  serviceData: '{"userId":100,"orderId":500}',
  timeToPay: '6',
});

const boundary = '------------------------a72af03042d82522';

/** What curl sends for `-F name=value`, byte for byte: unlike a browser's form, line ends stay as they are. */
const multipart = (fields: Record<string, string>): string =>
  [
    ...Object.entries(fields).map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
    `--${boundary}--\r\n`,
  ].join('');

/** Calls the API of seed 003 as curl -F does. */
export const form = async (
  { demo }: With<'gatewayUrl' | 'bitsbyToken'>,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; headers: Headers }> => {
  const response = await fetch(`${demo.gatewayUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Token ${demo.bitsbyToken}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...headers,
    },
    body: multipart(fields),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
};

export const created = async (
  hub: HubUnderTest,
  change: Record<string, string> = {},
): Promise<Seed003Created['data']> => {
  const { status, body } = await form(hub, '/invoices/create', { ...orderOf(hub), ...change });
  expect({ status, body }).toMatchObject({ status: 200, body: { result: 'success' } });
  return Seed003Created.parse(body).data;
};

/** Has a person do something at emulated Bitsby. */
export const atBitsby = async (
  { demo }: With<'sandboxUrl'>,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> => {
  const response = await fetch(`${demo.sandboxUrl}/_sandbox/bitsby${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

/** How an invoice stands by Bitsby's `id` of it, as the canonical API tells. */
export const invoiceOf = async (hub: HubUnderTest, ref: string): Promise<CanonicalInvoice> => {
  const { body } = await hub.call('/v1/invoices?provider=bitsby&limit=200');
  const { data } = z.object({ data: z.array(CanonicalInvoice) }).parse(body);
  const found = data.find(({ providerRef }) => providerRef === ref);
  if (!found) throw new Error(`No invoice ${ref}`);
  return found;
};

export const uidOf = ({ providerData }: CanonicalInvoice): string => Uid.parse(providerData).uid;

/** A shop's server that takes webhooks in Bitsby's form, each verified with the secret that it is told. */
export const openShop = async () => {
  const bodies: string[] = [];
  const problems: string[] = [];
  let secret = '';
  let status = 200;
  const server = await listen(
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const body = Buffer.concat(chunks).toString();
        try {
          const headers = Object.fromEntries(
            Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
          );
          new Webhook(secret).verify(body, headers);
          bodies.push(body);
        } catch (error) {
          problems.push(`${String(error)}: ${body}`);
        }
        response.writeHead(status).end();
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    url: server.url,
    bodies,
    problems,
    verifyWith: (its: string) => {
      secret = its;
    },
    answerWith: (its: number) => {
      status = its;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
};
