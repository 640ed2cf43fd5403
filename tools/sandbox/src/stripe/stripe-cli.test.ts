import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { startReceiver, webhookSecret } from '../testing/start-receiver.ts';
import { startSandbox } from '../testing/start-sandbox.ts';
import { stripeCli, triggerWithCli } from '../testing/stripe-cli.ts';

const timeoutMs = 60_000;
const title =
  stripeCli === undefined
    ? `skipped: no Stripe CLI for ${process.platform}-${process.arch}, so it does not trigger %s`
    : 'the Stripe CLI triggers %s, which arrives signed';

test
  .skipIf(stripeCli === undefined)
  .each([
    'charge.captured',
    'charge.dispute.closed',
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.failed',
    'charge.refunded',
    'charge.succeeded',
    'customer.created',
    'customer.deleted',
    'customer.updated',
    'invoice.created',
    'invoice.deleted',
    'invoice.finalized',
    'invoice.marked_uncollectible',
    'invoice.paid',
    'invoice.payment_action_required',
    'invoice.payment_failed',
    'invoice.payment_succeeded',
    'invoice.sent',
    'invoice.updated',
    'invoice.voided',
    'invoiceitem.created',
    'invoiceitem.deleted',
    'payment_intent.amount_capturable_updated',
    'payment_intent.canceled',
    'payment_intent.created',
    'payment_intent.payment_failed',
    'payment_intent.processing',
    'payment_intent.requires_action',
    'payment_intent.succeeded',
    'payment_method.attached',
    'payment_method.detached',
  ])(
  title,
  async (event) => {
    await using receiver = await startReceiver();
    await using started = await startSandbox();
    started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
    await triggerWithCli(event, started.url);
    const { data } = await started.stripe.events.list({ limit: 100 });
    expect(data.map(({ type }) => type)).toContain(event);
    await eventually(() => receiver.types().includes(event));
    expect(receiver.types()).not.toContain('not verified');
  },
  timeoutMs,
);
