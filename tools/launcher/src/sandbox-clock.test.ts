import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Seed000Created, Seed000Found, type Seed000Invoice } from '@quittance/contracts/seed-000';
import { writeClockOffset } from '@quittance/runtime';
import { clockFileIn } from '@quittance/sandbox/config';
import { loadConfig as loadAdapterConfig } from '@quittance/stripe-adapter/config';
import { Stripe } from 'stripe';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from './config.ts';
import { startHub } from './hub.ts';
import { everyLauncher, openHub } from './hub-under-test.ts';
import { startServices } from './services.ts';

const day = 24 * 60 * 60 * 1000;
const threeDays = 3 * day;
const minute = 60_000;

const ClockAnswer = z.object({ now: z.iso.datetime(), offset_ms: z.int() });
const PaymentIntentText = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.object({ id: z.string() }));

/** Sends a webhook that is about nothing of ours, signed so many ms from now by system time. */
const postSigned = async (gatewayUrl: string, secret: string, fromNowMs: number) => {
  const payload = JSON.stringify({
    id: `evt_${fromNowMs}`,
    object: 'event',
    type: 'customer.created',
    created: 1,
    data: { object: {} },
  });
  const timestamp = Math.floor((Date.now() + fromNowMs) / 1000);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const headers = { 'stripe-signature': signature };
  return (await fetch(`${gatewayUrl}/webhooks/stripe`, { method: 'POST', headers, body: payload }))
    .status;
};

describe.each(everyLauncher)('the hub %s', (how) => {
  test('goes by the clock that the sandbox moves: new invoices, payments, signatures', async () => {
    await using hub = await openHub(how);
    const clock = async (method: string, body?: object) => {
      const init = { method, ...(body && { body: JSON.stringify(body) }) };
      return ClockAnswer.parse(
        await (await fetch(`${hub.demo.sandboxUrl}/_sandbox/clock`, init)).json(),
      );
    };
    const created = async (): Promise<Seed000Invoice> =>
      Seed000Created.parse((await hub.create()).body).data.invoice;
    const statusOf = async ({ id }: Seed000Invoice): Promise<string> =>
      Seed000Found.parse((await hub.call(`/v1/invoice/${id}`)).body).data.invoice.status;
    const aheadMs = ({ time }: Seed000Invoice): number => Date.parse(time) - Date.now();
    const signed = (fromNowMs: number) =>
      postSigned(hub.demo.gatewayUrl, hub.demo.stripe.webhookSecret, fromNowMs);

    const early = await created();
    expect(Math.abs(aheadMs(early))).toBeLessThan(minute);
    expect(await signed(0)).toBe(200);

    expect((await clock('POST', { advance_ms: threeDays })).offset_ms).toBe(threeDays);
    expect(await signed(0)).toBe(401);
    expect(await signed(threeDays - 6 * minute)).toBe(401);
    expect(await signed(threeDays)).toBe(200);

    const { id } = PaymentIntentText.parse(early.providerData);
    await hub.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    await expect.poll(() => statusOf(early), { timeout: 5000 }).toBe('paid');
    const [event] = (await hub.stripe.events.list({ type: 'payment_intent.succeeded' })).data;
    expect((event?.created ?? 0) * 1000 - Date.now()).toBeGreaterThan(threeDays - minute);

    const late = await created();
    expect(Math.abs(aheadMs(late) - threeDays)).toBeLessThan(minute);

    expect((await clock('DELETE')).offset_ms).toBe(0);
    expect(Math.abs(aheadMs(await created()))).toBeLessThan(minute);
    expect(await signed(0)).toBe(200);
  }, 30_000);

  test('with live keys goes by system time, whatever files and variables there are', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'quittance-live-'));
    writeClockOffset(clockFileIn(dataDir), threeDays);
    const secret = 'whsec_of_the_live_test';
    const settings = {
      DATA_DIR: dataDir,
      PORT: '0',
      SANDBOX_PORT: '0',
      LOG_LEVEL: 'error',
      STRIPE_SECRET_KEY: 'sk_live_x',
      STRIPE_WEBHOOK_SECRET: secret,
      SANDBOX_CLOCK_FILE: clockFileIn(dataDir),
    };
    const start = how === 'in one process' ? startHub : startServices;
    const hub = await start(loadConfig(settings), { ...process.env, ...settings });
    try {
      expect(hub.sandboxUrl).toBeUndefined();
      expect(await postSigned(hub.gatewayUrl, secret, 0)).toBe(200);
      expect(await postSigned(hub.gatewayUrl, secret, -6 * minute)).toBe(401);
      expect((await fetch(`${hub.gatewayUrl}/_sandbox/clock`)).status).toBe(404);
    } finally {
      await hub.close();
      await rm(dataDir, { recursive: true });
    }
  }, 30_000);
});

test.each([{ STRIPE_SECRET_KEY: 'sk_live_x', STRIPE_API_URL: 'http://localhost:3100' }, {}])(
  'the stripe-adapter follows no clock file with %j',
  (change) => {
    const env = {
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_WEBHOOK_SECRET: 'whsec_x',
      SERVICE_TOKEN: 'x'.repeat(16),
      SANDBOX_CLOCK_FILE: 'clock.json',
      ...change,
    };
    expect(() => loadAdapterConfig(env)).toThrow('SANDBOX_CLOCK_FILE: is for emulated Stripe only');
    const sandboxed = {
      ...env,
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_API_URL: 'http://localhost:3100',
    };
    expect(loadAdapterConfig(sandboxed)).toMatchObject({ SANDBOX_CLOCK_FILE: 'clock.json' });
  },
);
