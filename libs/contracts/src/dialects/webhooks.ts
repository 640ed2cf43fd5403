/** What merchants' endpoints are sent, as Standard Webhooks: https://www.standardwebhooks.com */
export * from './verify-webhook.ts';
export * from './webhook-bodies.ts';
export * from './webhook-event.ts';
