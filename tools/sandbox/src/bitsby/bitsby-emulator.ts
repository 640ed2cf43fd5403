import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '@quittance/runtime';
import type { Emulator } from '../emulator.ts';
import type { Faults } from '../faults/faults.ts';
import type { Observer } from '../observer.ts';
import { answerPayPage } from '../pages/bitsby-pay-page.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Store } from '../state/store.ts';
import { createWebhookSender } from '../webhooks/sender.ts';
import { createAct, type Act } from './act.ts';
import { createAnswer } from './answer.ts';
import { uidOfPath } from './invoices/page-url.ts';
import { bitsbyRoutes } from './routes.ts';
import { openBitsbyState, type BitsbyState, type Invoice, type Payment } from './state.ts';
import { webhookBody } from './webhooks/body.ts';
import { createBitsbyDeliveries } from './webhooks/deliveries.ts';

const name = 'Bitsby';
const roots = ['/invoices/', '/payments/', '/billing/', '/statistics/'];

export interface BitsbyEmulator extends Emulator {
  state: BitsbyState;
  /** Lets a person act, as on the payment page or in Bitsby's panel: no API request, and no rate limit. */
  act: Act;
}

export const createBitsbyEmulator = ({
  store,
  clock,
  scheduler,
  timeouts,
  faults,
  observer,
  log,
}: {
  store: Store;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  faults: Faults;
  observer: Observer;
  log: Logger;
}): BitsbyEmulator => {
  const state = openBitsbyState(store);
  const sender = createWebhookSender();
  const deliveries = createBitsbyDeliveries({
    state,
    clock,
    scheduler,
    timeouts,
    send: (post) => {
      observer.webhookSent(name, post.body);
      return sender.send(post);
    },
    faults,
    log,
  });

  const announcePaid = (invoice: Invoice, payment: Payment): void => {
    const project = state.projects.get(invoice.projectId);
    if (project === undefined || project.webhookUrl === null) return;
    deliveries.add(randomUUID(), {
      projectId: project.id,
      body: JSON.stringify(webhookBody(state, { project, invoice, payment })),
      failedAttempts: 0,
      dueAt: clock(),
    });
  };

  const act = createAct({ store, state, clock, announcePaid, afterwards: deliveries.dispatch });
  const answerCall = createAnswer({ state, routes: bitsbyRoutes, act, clock, log });
  deliveries.resume();

  return {
    name,
    state,
    act,
    owns: (path) => roots.some((root) => path.startsWith(root)),
    answer: (request, disturbance) => {
      const uid = uidOfPath(request.path);
      return uid === undefined || request.method !== 'GET'
        ? answerCall(request, disturbance)
        : answerPayPage(act, uid, disturbance);
    },
    close: async () => {
      await deliveries.close();
      sender.close();
    },
  };
};
