/** What merchants' endpoints are sent, signed as Standard Webhooks: https://www.standardwebhooks.com */
export * from './bitsby-message.ts';
export * from './verify-webhook.ts';
export * from './webhook-bodies.ts';
export * from './webhook-event.ts';
