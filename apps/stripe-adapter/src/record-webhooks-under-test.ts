import { mkdirSync, writeFileSync } from 'node:fs';
import { StripeEvent } from '@quittance/contracts/stripe';
import { parseJson } from '@quittance/rpc';
import { createTestClock } from '@quittance/testing';
import { z } from 'zod';
import { withAdapter } from './adapter-under-test.ts';
import { liveThrough } from './merchant-life-under-test.ts';

/**
 * Writes the fixtures of today's API version anew: `npx node src/record-webhooks-under-test.ts`. Of each type the first
 * event that tells something is kept.
 */
const folder = new URL(
  '../../../libs/testing/fixtures/stripe/webhooks/2026-10-28.endive/',
  import.meta.url,
);

const recorded = /^(payment_intent|invoice|invoice_payment|refund|charge\.(refunded|dispute))\b/;

const OfInvoice = z.object({ payment_details: z.object({ order_reference: z.string() }) });

const nameOf = ({ type, data }: StripeEvent): string =>
  OfInvoice.safeParse(data.object).success ? `${type}.of-invoice` : type;

type Change = (object: object) => object;

/** Events that the emulator does not send, and what their object is like another's. */
const derived: readonly (readonly [type: string, from: string, Change])[] = [
  [
    'refund.failed',
    'refund.created',
    (refund) => ({ ...refund, failure_reason: 'expired_or_canceled_card', status: 'failed' }),
  ],
  ['charge.refund.updated', 'refund.updated', (refund) => refund],
  ['invoice.will_be_due', 'invoice.sent', (invoice) => invoice],
  ['invoice.payment_attempt_required', 'invoice.finalized', (invoice) => invoice],
  ['invoice.upcoming', 'invoice.created', (invoice) => ({ ...invoice, id: undefined })],
];

const clock = createTestClock();

await withAdapter(
  async (adapter) => {
    const port = String(adapter.stripe.getApiField('port'));
    await liveThrough(adapter, async (ms) => {
      await fetch(`http://127.0.0.1:${port}/_sandbox/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advance_ms: ms }),
      });
    });
    const webhooks = await adapter.webhooksWhere(({ type }) => recorded.test(type));
    const events = new Map<string, StripeEvent>();
    for (const { body } of webhooks.toReversed()) {
      const event = StripeEvent.parse(parseJson(body));
      events.set(nameOf(event), event);
    }
    for (const [type, from, change] of derived) {
      const event = events.get(from);
      if (!event || typeof event.data.object !== 'object' || !event.data.object) continue;
      const data = { object: change(event.data.object) };
      events.set(type, { ...event, id: `${event.id}_${type}`, type, data });
    }
    mkdirSync(folder, { recursive: true });
    for (const [name, event] of events) {
      writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(event, null, 2)}\n`);
    }
    process.stdout.write(`${[...events.keys()].toSorted().join('\n')}\n`);
  },
  { clock: clock.now },
);
