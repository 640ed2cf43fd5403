import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '@quittance/runtime';
import type { Faults } from '../faults/faults.ts';
import type { Scheduler } from '../scheduler.ts';
import { openStore } from '../state/store.ts';
import { createDeliveriesOf, type Attempted } from '../webhooks/deliveries.ts';
import type { SendWebhook } from '../webhooks/sender.ts';

/** One POST to a user's webhook. */
export interface Notice {
  url: string;
  /** What faults match, e.g. `bots_business.online_pay.credit`; no part of the message. */
  type: string;
  body: string;
}

type Delivery = Notice & Attempted;

export interface Webhooks {
  /** Sends each once, without making the caller wait, and with nothing to verify or to tell repeats by. */
  fire: (notices: readonly Notice[]) => void;
  close: () => Promise<void>;
}

/** What fails is lost, and so is what waits when the process ends: it is kept in memory only and never tried again. */
export const createWebhooks = ({
  send,
  clock,
  ...running
}: {
  send: SendWebhook;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  faults: Faults;
  log: Logger;
}): Webhooks => {
  const { add, dispatch, close } = createDeliveriesOf<Delivery>({
    ...running,
    clock,
    pending: openStore().collection('notices'),
    retryDelay: () => undefined,
    attemptOf: ({ url, type, body }) => ({
      receiver: url,
      type,
      post: async ({ signal }) => {
        const headers = {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        };
        const status = await send({ url, headers, body, signal });
        return status >= 200 && status < 300;
      },
    }),
  });
  return {
    fire: (notices) => {
      for (const notice of notices) {
        add(randomUUID(), { ...notice, failedAttempts: 0, dueAt: clock() });
      }
      dispatch();
    },
    close,
  };
};
