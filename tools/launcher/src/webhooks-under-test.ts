import { CanonicalEndpointWithSecret, CanonicalInvoice } from '@quittance/contracts/canonical';
import type { HubUnderTest } from './hub-under-test.ts';
import { openReceiver, type WebhookReceiver } from './webhook-receiver-under-test.ts';

/** An endpoint of the demo account and the server behind it. */
export interface EndpointUnderTest extends AsyncDisposable {
  id: string;
  secret: string;
  receiver: WebhookReceiver;
}

export type Ask = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ status: number; body: unknown }>;

/** Calls of the public API with JSON bodies. */
export const askOf =
  ({ call }: Pick<HubUnderTest, 'call'>, headers: Record<string, string> = {}): Ask =>
  (method, path, body) =>
    call(path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

/** Made through the public API; removed, its server closed, at the end of its scope. */
export const openEndpoint = async (ask: Ask, terms: object = {}): Promise<EndpointUnderTest> => {
  const receiver = await openReceiver();
  const answer = await ask('POST', '/v1/webhook-endpoints', { url: receiver.url, ...terms });
  const { id, secret } = CanonicalEndpointWithSecret.parse(answer.body);
  receiver.secrets.push(secret);
  return {
    id,
    secret,
    receiver,
    [Symbol.asyncDispose]: async () => {
      await ask('DELETE', `/v1/webhook-endpoints/${id}`);
      await receiver[Symbol.asyncDispose]();
    },
  };
};

export const newInvoice = async (ask: Ask, more: object = {}): Promise<CanonicalInvoice> => {
  const order = { provider: 'stripe', amount: 2050, currency: 'USD', description: 'A flight' };
  const { body } = await ask('POST', '/v1/invoices', { ...order, ...more });
  return CanonicalInvoice.parse(body);
};
