import type { FindResult, PaymentProvider } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import { act } from './act.ts';
import type { StripeConfig } from './config.ts';
import { connect } from './connection.ts';
import { lookUpCustomer } from './customer.ts';
import { description } from './description.ts';
import { seenDeleted } from './invoice-mapping.ts';
import { seeInvoice } from './invoices.ts';
import { findOpened, openPayable } from './open.ts';
import { retrieveIntent, type StripeDeps } from './payment-intents.ts';
import { isInvoiceRef } from './refs.ts';
import { refund } from './refund.ts';
import { createReceiver } from './webhook.ts';

/** An invoice that Stripe no longer shows was a draft and has been deleted: its ref came from Stripe. */
const findByRef = async (deps: StripeDeps, ref: string): Promise<FindResult> => {
  const found = isInvoiceRef(ref)
    ? ((await seeInvoice(deps, ref)) ?? seenDeleted(ref, new Date(deps.clock()).toISOString()))
    : await retrieveIntent(deps, ref);
  return { observations: found ? [found] : [], customerRef: null };
};

export const createStripeProvider = ({
  config,
  clock,
}: {
  config: StripeConfig;
  clock: Clock;
}): PaymentProvider => {
  const { stripe, run, isReachable } = connect(config);
  const deps = { stripe, clock };

  return {
    describe: () => Promise.resolve({ ...description, reachable: isReachable() }),
    open: (input) => run(() => openPayable(deps, input)),
    find: (input) =>
      run(() => (input.by === 'open' ? findOpened(deps, input.open) : findByRef(deps, input.ref))),
    act: (input) => run(() => act(deps, input)),
    refund: (input) => run(() => refund(deps, input)),
    customer: (input) => run(() => lookUpCustomer(stripe, input)),
    receive: createReceiver({ webhookSecrets: config.STRIPE_WEBHOOK_SECRET, clock }),
  };
};
