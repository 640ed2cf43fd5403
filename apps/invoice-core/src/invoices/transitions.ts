import type { EventType } from '@quittance/contracts';
import type { Standing } from './standing.ts';

export type Stand = Standing & { opened: boolean };

const entering: Partial<Record<Standing['status'], EventType>> = {
  processing: 'invoice.processing',
  partially_paid: 'invoice.partially_paid',
  paid: 'invoice.paid',
  canceled: 'invoice.canceled',
  failed: 'invoice.failed',
};

/** What happened to an invoice between two standings, in the order that it is told. */
export const eventsBetween = (before: Stand, after: Stand): EventType[] => {
  const events: EventType[] = [];
  if (!before.opened && after.opened) events.push('invoice.opened');

  const attemptFailed =
    after.status === 'pending' &&
    after.statusReason !== null &&
    after.statusReason !== before.statusReason;
  if (attemptFailed) events.push('invoice.payment_failed');

  const entered = after.status === before.status ? undefined : entering[after.status];
  if (entered) events.push(entered);
  else if (after.received > 0 && before.received === 0) events.push('invoice.paid');

  if (after.refunded > before.refunded) events.push('invoice.refunded');
  return events;
};
