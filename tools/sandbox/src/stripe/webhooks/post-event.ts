import { Stripe } from 'stripe';
import { defaultApiVersion } from '../call.ts';
import type { SendWebhook } from '../../webhooks/sender.ts';

/**
 * Posts an event, signed for this attempt as Stripe signs: `t=<unix seconds>,v1=<HMAC of t and the raw body>`.
 * Resolves with whether the endpoint took it: only 2xx says so, a redirect does not.
 */
export const postEvent = async (
  send: SendWebhook,
  event: Stripe.EventBase,
  {
    url,
    secret,
    apiVersion,
    now,
    signal,
  }: { url: string; secret: string; apiVersion: string | null; now: number; signal: AbortSignal },
): Promise<boolean> => {
  const body = JSON.stringify({ ...event, api_version: apiVersion ?? defaultApiVersion });
  const timestamp = Math.floor(now / 1_000);
  const status = await send({
    url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({
        payload: body,
        secret,
        timestamp,
      }),
    },
    body,
    signal,
  });
  return status >= 200 && status < 300;
};
