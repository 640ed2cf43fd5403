import { setTimeout as sleep } from 'node:timers/promises';
import {
  Seed000Created,
  Seed000Events,
  Seed000Found,
  type Seed000Invoice,
} from '@quittance/contracts/seed-000';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { DemoCredentials } from './demo-credentials.ts';

const order = {
  provider: 'stripe',
  item_type: 'flight',
  item_id: 1,
  final_amount: 20.5,
  currency: 'usd',
};

interface Call extends Omit<RequestInit, 'headers'> {
  headers?: Record<string, string>;
}

const PaymentIntentId = z.object({ id: z.string() });

export interface DemoResult {
  before: Seed000Invoice;
  after: Seed000Invoice;
  events: Seed000Events['data']['events'];
}

/**
 * An invoice's whole life through the public door: created, paid by a person in the emulator, reported by a signed
 * webhook. @throws when any step fails, or the invoice is not paid within `timeoutMs`
 */
export const runDemo = async (
  { gatewayUrl, sandboxUrl, apiKey }: DemoCredentials,
  { say, timeoutMs = 10_000 }: { say: (line: string) => void; timeoutMs?: number },
): Promise<DemoResult> => {
  const call = async (url: string, init: Call = {}): Promise<unknown> => {
    const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json' };
    const response = await fetch(url, { ...init, headers: { ...headers, ...init.headers } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
    return parseJson(text);
  };
  const show = (title: string, value: unknown): void =>
    say(`${title}\n${JSON.stringify(value, null, 2)}\n`);

  const created = await call(`${gatewayUrl}/v1/invoice/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  const before = Seed000Created.parse(created).data.invoice;
  show(`Created invoice ${before.id}:`, before);

  const { id: intentId } = PaymentIntentId.parse(parseJson(before.providerData ?? 'null'));
  const page = `${sandboxUrl}/_sandbox/stripe/payment_intents/${intentId}`;
  say(`Paying it as a person would at ${page}\n`);
  await call(`${page}/pay`, { method: 'POST' });

  const invoiceUrl = `${gatewayUrl}/v1/invoice/${before.id}`;
  const read = async () => Seed000Found.parse(await call(invoiceUrl)).data.invoice;
  const deadline = Date.now() + timeoutMs;
  let after = await read();
  while (after.status !== 'paid') {
    if (Date.now() > deadline) throw new Error(`The invoice is still ${after.status}`);
    await sleep(20);
    after = await read();
  }
  show("Stripe's signed webhook came in, and the invoice is now:", after);

  const { events } = Seed000Events.parse(await call(`${invoiceUrl}/events`)).data;
  show('Its events:', events);
  return { before, after, events };
};
