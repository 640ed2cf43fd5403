import { AttemptResult } from '@quittance/contracts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Deps } from '../deps.ts';

export interface DeliveryMetrics {
  /** Counts a try of this process. */
  observe: (result: AttemptResult, durationMs: number) => void;
  /** In the text format of Prometheus. What is pending is everybody's, read from the database. */
  text: () => Promise<string>;
}

/** Bounds in seconds, up to how long a try may take. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

export const createDeliveryMetrics = ({
  store,
  clock,
}: Pick<Deps, 'store' | 'clock'>): DeliveryMetrics => {
  const registry = new Registry();
  const registers = [registry];

  const pending = new Gauge({
    name: 'quittance_deliveries_pending',
    help: 'Webhook deliveries that have neither arrived nor been given up, those of disabled endpoints included',
    registers,
  });
  const oldest = new Gauge({
    name: 'quittance_delivery_oldest_pending_seconds',
    help: 'How long ago the oldest pending webhook delivery was made; 0 when none is pending',
    registers,
  });
  const attempts = new Counter({
    name: 'quittance_delivery_attempts_total',
    help: 'Tries to send a webhook, by result',
    labelNames: ['result'],
    registers,
  });
  const seconds = new Histogram({
    name: 'quittance_delivery_attempt_seconds',
    help: 'How long tries to send a webhook took',
    buckets,
    registers,
  });
  for (const result of AttemptResult.options) attempts.inc({ result }, 0);

  /** Both from one walk of the index of what is pending. Ids ascend with the time of making. */
  const readPending = async (): Promise<void> => {
    const { count, first } = await store.read
      .selectFrom('deliveries')
      .select((eb) => [eb.fn.countAll().as('count'), eb.fn.min('id').as('first')])
      .where('state', '=', 'pending')
      .executeTakeFirstOrThrow();
    const made = await store.read
      .selectFrom('deliveries')
      .select('created_at')
      .where('id', '=', first)
      .executeTakeFirst();
    pending.set(Number(count));
    oldest.set(made ? Math.max(0, clock() - made.created_at) / 1000 : 0);
  };

  return {
    observe: (result, durationMs) => {
      attempts.inc({ result });
      seconds.observe(durationMs / 1000);
    },
    text: async () => {
      await readPending();
      return registry.metrics();
    },
  };
};
