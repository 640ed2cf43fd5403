import type { Clock, Logger } from '@quittance/runtime';
import type { Faults } from '../../faults/faults.ts';
import type { Scheduler } from '../../scheduler.ts';
import {
  createDeliveriesOf,
  type Attempted,
  type DeliveriesOf,
} from '../../webhooks/deliveries.ts';
import type { SendWebhook } from '../../webhooks/sender.ts';
import type { BitsbyState } from '../state.ts';
import { retryDelay } from './retry-schedule.ts';

/** The webhook of a paid invoice on its way to the project's URL; gone once that has answered 200. */
export interface BitsbyDelivery extends Attempted {
  projectId: string;
  /** Made when the invoice was paid: every attempt says the same. */
  body: string;
}

/** What the faults know the one kind of webhook by. */
export const paidWebhook = 'bitsby.invoice.paid';

/** To the URL that the project has at the time of each attempt. Nothing signs it: Bitsby documents no signature. */
export const createBitsbyDeliveries = ({
  state,
  send,
  ...running
}: {
  state: BitsbyState;
  send: SendWebhook;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  faults: Faults;
  log: Logger;
}): DeliveriesOf<BitsbyDelivery> =>
  createDeliveriesOf<BitsbyDelivery>({
    ...running,
    pending: state.deliveries,
    retryDelay,
    attemptOf: ({ projectId, body }) => {
      const url = state.projects.get(projectId)?.webhookUrl;
      if (url === undefined || url === null) return undefined;
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      };
      return {
        receiver: projectId,
        type: paidWebhook,
        post: async ({ signal }) => (await send({ url, headers, body, signal })) === 200,
      };
    },
  });
