import { type CanonicalInvoice, CanonicalInvoicePage } from '@quittance/contracts/canonical';
import {
  Seed001Created,
  type Seed001Invoice,
  Seed001Seen,
  type Seed001Status,
} from '@quittance/contracts/seed-001';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { DemoCredentials } from './demo-credentials.ts';
import { type HubUnderTest, type Launcher, openHub } from './hub-under-test.ts';

/** A hub of which these are known. */
export interface Knows<K extends keyof DemoCredentials> {
  demo: Pick<DemoCredentials, K>;
}

/** The bot of the sandboxed hub, by the name that emulated Telegram gives it. */
export const botName = 'sandbox_7001914078_bot';

/** The seed's own example, for the demo user. */
export const seedOrder = ({ demo }: Knows<'telegram'>): Record<string, string | number> => ({
  amount: 150,
  userId: demo.telegram.userId,
  pin: demo.telegram.pin,
  description: 'Payment for premium subscription',
  title: 'Premium Plan',
  payload: 'user123-payment',
});

/** The ways in which the API of seed 001 takes parameters. */
export const ways = ['JSON', 'form', 'GET'] as const;
export type Way = (typeof ways)[number];

type Parameters = Record<string, string | number>;

const requestOf = (way: Way, parameters: Parameters): { query: string; init: RequestInit } => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) form.append(name, String(value));
  const encoded = form.toString();
  if (way === 'GET') return { query: `?${encoded}`, init: {} };
  const contentType = way === 'JSON' ? 'application/json' : 'application/x-www-form-urlencoded';
  const body = way === 'JSON' ? JSON.stringify(parameters) : encoded;
  return { query: '', init: { method: 'POST', headers: { 'content-type': contentType }, body } };
};

/** Calls a command of the API of seed 001. */
export const webApp = async (
  { demo }: Knows<'gatewayUrl' | 'telegram'>,
  command: 'new-invoice' | 'invoice-status',
  parameters: Parameters,
  {
    way = 'JSON',
    headers = {},
    botId = demo.telegram.botId,
  }: { way?: Way; headers?: Record<string, string>; botId?: string } = {},
): Promise<{ status: number; headers: Headers; body: unknown }> => {
  const { query, init } = requestOf(way, parameters);
  const response = await fetch(`${demo.gatewayUrl}/v2/bots/${botId}/web-app/${command}${query}`, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};

export const created = async (
  hub: Knows<'gatewayUrl' | 'telegram'>,
  change: Parameters = {},
): Promise<Seed001Invoice> => {
  const { status, body } = await webApp(hub, 'new-invoice', { ...seedOrder(hub), ...change });
  expect({ status, body }).toMatchObject({ status: 200, body: { status: 'success' } });
  return Seed001Created.parse(body).invoice;
};

/** What `invoice-status` says of an invoice. */
export const seen = async (
  hub: Knows<'gatewayUrl' | 'telegram'>,
  { invoiceId }: Pick<Seed001Status, 'invoiceId'>,
): Promise<Seed001Seen['invoice']> => {
  const { pin } = hub.demo.telegram;
  const { body } = await webApp(hub, 'invoice-status', { invoiceId, pin });
  return Seed001Seen.parse(body).invoice;
};

/** Every Telegram invoice that the hub has, newest first, whatever became of it. */
export const hubInvoices = async (
  hub: Pick<HubUnderTest, 'call'>,
  after?: string,
): Promise<CanonicalInvoice[]> => {
  const place = after === undefined ? '' : `&after=${after}`;
  const { body } = await hub.call(`/v1/invoices?provider=telegram&limit=100${place}`);
  const { data, next } = CanonicalInvoicePage.parse(body);
  return next === null ? data : [...data, ...(await hubInvoices(hub, next))];
};

/** An invoice as the canonical API shows it, by the bot's id of it. */
export const invoiceOf = async (hub: HubUnderTest, ref: string): Promise<CanonicalInvoice> => {
  const found = (await hubInvoices(hub)).find(({ providerRef }) => providerRef === ref);
  if (!found) throw new Error(`No invoice ${ref}`);
  return found;
};

/** What was refused at an emulator. */
export class RefusedThere extends Error {}

/** Has a person do something at an emulator. @throws RefusedThere */
export const atEmulator = async (
  { demo }: Knows<'sandboxUrl'>,
  method: 'GET' | 'PUT' | 'POST',
  path: `/telegram${string}` | `/bots-business${string}`,
  body?: object,
): Promise<unknown> => {
  const response = await fetch(`${demo.sandboxUrl}/_sandbox${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new RefusedThere(`${method} ${path}: ${await response.text()}`);
  return response.json();
};

/** A payment as emulated Telegram has it. */
export const TelegramPayment = z.object({
  id: z.string(),
  user_id: z.int(),
  state: z.enum(['waiting', 'refused', 'expired', 'held', 'paid', 'failed', 'canceled']),
  currency: z.string(),
  total_amount: z.int(),
  invoice_payload: z.string(),
  /** What the payer was told. */
  error: z.string().nullable(),
  telegram_payment_charge_id: z.string().nullable(),
  refunded_at: z.int().nullable(),
});
export type TelegramPayment = z.infer<typeof TelegramPayment>;

/** Every payment of every bot, oldest first. */
export const telegramPayments = async (hub: Knows<'sandboxUrl'>): Promise<TelegramPayment[]> =>
  z.array(TelegramPayment).parse(await atEmulator(hub, 'GET', '/telegram/payments'));

/** Takes the money of a payment that is held, or has it never be taken. */
export const settleHeld = async (
  hub: Knows<'sandboxUrl'>,
  { id }: Pick<TelegramPayment, 'id'>,
  how: 'release' | 'cancel' = 'release',
): Promise<TelegramPayment> =>
  TelegramPayment.parse(await atEmulator(hub, 'POST', `/telegram/payments/${id}/${how}`));

const Registered = z.object({
  bots: z.array(z.looseObject({ username: z.string(), webhook_url: z.string().nullable() })),
  seller: z.looseObject({ webhook: z.string().nullable() }),
});

/** A whole hub to which both bots send webhooks. */
export const openTelegramHub = async (
  how: Launcher,
  own: Record<string, string> = {},
): Promise<HubUnderTest> => {
  const hub = await openHub(how, own);
  const { userId } = hub.demo.telegram;
  const isTold = async (): Promise<boolean> => {
    const { bots, seller } = Registered.parse({
      bots: await atEmulator(hub, 'GET', '/telegram/bots'),
      seller: await atEmulator(hub, 'GET', `/bots-business/users/${userId}`),
    });
    const ours = bots.find(({ username }) => username === botName);
    return typeof ours?.webhook_url === 'string' && seller.webhook !== null;
  };
  await vi.waitUntil(isTold, { timeout: 10_000, interval: 20 });
  return hub;
};
