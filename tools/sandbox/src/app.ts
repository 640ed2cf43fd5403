import { randomInt } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Clock, Logger } from '@quittance/runtime';
import { Hono } from 'hono';
import type { Stripe } from 'stripe';
import { createBitsbyEmulator } from './bitsby/bitsby-emulator.ts';
import { bitsbyRoutes } from './bitsby/routes.ts';
import {
  botsBusinessOperations,
  createBotsBusinessEmulator,
} from './bots-business/bots-business-emulator.ts';
import { createClockRoutes } from './clock/clock-routes.ts';
import { createMovableClock } from './clock/movable-clock.ts';
import { createMovingScheduler } from './clock/moving-scheduler.ts';
import { clockFileIn, type Config } from './config.ts';
import { createEmulatorListener } from './emulator-listener.ts';
import { createFaultsRoutes } from './faults/faults-routes.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { indexPage } from './pages/index-page.ts';
import { nobody, type Observer } from './observer.ts';
import { createBitsbyPages } from './pages/bitsby-pages.ts';
import { createBotsBusinessPages } from './pages/bots-business-pages.ts';
import { createInvoicePages } from './pages/invoice-pages.ts';
import { createStripePages } from './pages/stripe-pages.ts';
import { createTelegramPages } from './pages/telegram-pages.ts';
import { systemScheduler, type Scheduler } from './scheduler.ts';
import { openStore } from './state/store.ts';
import { stripeRoutes } from './stripe/routes.ts';
import { createStripeEmulator } from './stripe/stripe-emulator.ts';
import { telegramOperations } from './telegram/methods/index.ts';
import { createTelegramEmulator } from './telegram/telegram-emulator.ts';

export interface Sandbox {
  /** Answers the emulated APIs at their real paths, and `/_sandbox` beside them. */
  listener: RequestListener;
  /** Registers the endpoint for all events with this secret, or changes it to be so. */
  ensureStripeWebhookEndpoint: (endpoint: {
    url: string;
    secret: string;
  }) => Stripe.WebhookEndpoint;
  faults: Faults;
  /** The time here, wherever it was moved to. */
  clock: Clock;
  /** Stops deliveries and hanging answers; what is pending is resumed from the state file. */
  close: () => Promise<void>;
}

export interface SandboxDependencies {
  config: Config;
  /** The time before anybody moves it over HTTP. */
  clock: Clock;
  log: Logger;
  /** Timers of that time. */
  scheduler?: Scheduler;
  observer?: Observer;
}

const shownRecent = 20;

/** The emulated providers. Listens to nothing itself and reads no environment. */
export const createSandbox = ({
  config,
  clock: unmoved,
  log,
  scheduler: timeouts = systemScheduler,
  observer = nobody,
}: SandboxDependencies): Sandbox => {
  const movable = createMovableClock({
    unmoved,
    ...(config.DATA_DIR !== undefined && { file: clockFileIn(config.DATA_DIR) }),
  });
  const clock = movable.now;
  const scheduler = createMovingScheduler(movable, timeouts);
  const store = openStore(
    config.DATA_DIR === undefined ? undefined : join(config.DATA_DIR, 'sandbox.jsonl'),
  );
  const faults = createFaults({
    seed: config.SANDBOX_FAULT_SEED ?? randomInt(2 ** 31),
    latencyMs: config.SANDBOX_LATENCY_MS,
    clock,
    log,
  });
  const stripe = createStripeEmulator({ store, clock, scheduler, timeouts, faults, observer, log });
  const bitsby = createBitsbyEmulator({ store, clock, scheduler, timeouts, faults, observer, log });
  const botsBusiness = createBotsBusinessEmulator({
    store,
    clock,
    scheduler,
    timeouts,
    faults,
    observer,
    log,
  });
  const telegram = createTelegramEmulator({
    store,
    clock,
    scheduler,
    timeouts,
    faults,
    observer,
    log,
  });
  const emulators = [stripe, bitsby, botsBusiness, telegram];
  const api = createEmulatorListener({ emulators, faults, observer, scheduler, log });

  const operations = stripeRoutes.map(({ method, path }) => `${method} ${path}`);
  const control = new Hono()
    .basePath('/_sandbox')
    .get('/', (c) => {
      const recent = {
        intents: stripe.state.paymentIntents.newestFirst().slice(0, shownRecent),
        invoices: stripe.state.invoices.newestFirst().slice(0, shownRecent),
        bitsbyInvoices: bitsby.state.invoices.newestFirst().slice(0, shownRecent),
        bitsbyProjects: bitsby.state.projects.newestFirst().slice(0, shownRecent),
        bbpInvoices: botsBusiness.state.invoices.newestFirst().slice(0, shownRecent),
        telegramBots: telegram.state.bots.newestFirst().slice(0, shownRecent),
        telegramPeople: telegram.state.people.newestFirst().slice(0, shownRecent),
      };
      return c.html(
        indexPage(
          [
            { name: stripe.name, operations },
            { name: bitsby.name, operations: bitsbyRoutes.map(({ path }) => `POST ${path}`) },
            { name: botsBusiness.name, operations: botsBusinessOperations },
            { name: telegram.name, operations: telegramOperations },
          ],
          recent,
          faults.report(),
          movable,
        ),
      );
    })
    .route('/clock', createClockRoutes(movable))
    .route('/faults', createFaultsRoutes(faults))
    .route('/bitsby', createBitsbyPages(bitsby))
    .route('/bots-business', createBotsBusinessPages(botsBusiness))
    .route('/telegram', createTelegramPages(telegram))
    .route('/stripe', createStripePages(stripe))
    .route('/stripe/invoices', createInvoicePages(stripe));
  const controlListener = getRequestListener(control.fetch);

  if (config.STRIPE_WEBHOOK_URL !== undefined && config.STRIPE_WEBHOOK_SECRET !== undefined) {
    stripe.ensureWebhookEndpoint({
      url: config.STRIPE_WEBHOOK_URL,
      secret: config.STRIPE_WEBHOOK_SECRET,
    });
  }

  return {
    listener: (request, response) => {
      if (request.url?.startsWith('/_sandbox')) void controlListener(request, response);
      else api.listener(request, response);
    },
    ensureStripeWebhookEndpoint: stripe.ensureWebhookEndpoint,
    faults,
    clock,
    close: async () => {
      telegram.endWaits();
      await api.close();
      await Promise.all(emulators.map((emulator) => emulator.close()));
      store.close();
    },
  };
};
