import type { Stripe } from 'stripe';
import { StripeError } from '../api/errors.ts';
import type { Call } from '../call.ts';
import type { DueWork } from '../due-work.ts';
import { planNext } from './agenda.ts';
import { chargeInvoice } from './pay.ts';
import { defaultMethodOf } from './choose-method.ts';
import { graceSeconds, isCharged, longestWaitSeconds, nextRetry } from './collection.ts';
import { finalizeInvoice } from './finalize.ts';
import { findInvoice } from './find-invoice.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';

/** Whether an endpoint has not yet answered the webhook of the invoice's creation. */
const isCreationUnheard = (call: Call, invoiceId: string): boolean => {
  for (const [, delivery] of call.state.deliveries.entries()) {
    const event = call.state.events.get(delivery.event);
    if (event?.type !== 'invoice.created') continue;
    const object: object = event.data.object;
    if ('id' in object && object.id === invoiceId) return true;
  }
  return false;
};

/** Attempts to charge the invoice; the first attempt and each retry count. */
const attempt = (call: Call, invoice: Stripe.Invoice): void => {
  const counted: Stripe.Invoice = {
    ...invoice,
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    next_payment_attempt: null,
  };
  const fail = (): void => {
    const next = nextRetry(counted.attempt_count, call.now);
    const failed = saveInvoice(call, invoice, { ...counted, next_payment_attempt: next });
    emitInvoice(call, 'invoice.payment_failed', failed);
  };
  const method = defaultMethodOf(call, invoice);
  if (method === undefined) {
    fail();
    return;
  }
  call.state.invoices.put(invoice.id, counted);
  planNext(call, counted);
  try {
    chargeInvoice(call, counted, method, { offSession: true });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    // An attempt that was made has been recorded as failed; one that was refused has not.
    if (!error.keepsChanges) fail();
  }
};

/** Finalizes the draft; undefined when that failed, of which an event has told. */
const finalize = (call: Call, draft: Stripe.Invoice): Stripe.Invoice | undefined => {
  try {
    return finalizeInvoice(call, draft, undefined);
  } catch (error) {
    if (error instanceof StripeError) return undefined;
    throw error;
  }
};

const advanceDraft = (call: Call, draft: Stripe.Invoice, onTime: boolean): void => {
  const waitsUntil = draft.created + longestWaitSeconds;
  if (!onTime && call.now < waitsUntil && isCreationUnheard(call, draft.id)) {
    const at = Math.min(call.now + graceSeconds, waitsUntil);
    saveInvoice(call, draft, {
      ...draft,
      automatically_finalizes_at: at,
      next_payment_attempt: isCharged(draft) ? at : null,
    });
    return;
  }
  const invoice = finalize(call, draft);
  if (invoice?.status === 'open' && isCharged(invoice)) attempt(call, invoice);
};

const advanceOpen = (call: Call, invoice: Stripe.Invoice): void => {
  if (invoice.next_payment_attempt !== null) {
    attempt(call, invoice);
    return;
  }
  planNext(call, invoice);
  emitInvoice(call, 'invoice.overdue', invoice);
};

/** What Stripe does with invoices by itself: finalizing, charging, trying again, noticing what is overdue. */
export const invoiceAutomation: DueWork = {
  // The work runs once this second is over, and an invoice is due in the second that is written down.
  nextDue: (state) => {
    let earliest: number | undefined;
    for (const [, { dueAt }] of state.invoiceAgenda.entries()) {
      if (earliest === undefined || dueAt < earliest) earliest = dueAt;
    }
    return earliest === undefined ? undefined : earliest - 1;
  },
  run: (call) => {
    const due = [...call.state.invoiceAgenda.entries()]
      .filter(([, { dueAt }]) => dueAt <= call.now)
      .toSorted(([, a], [, b]) => a.dueAt - b.dueAt);
    for (const [id, { onTime, origin }] of due) {
      const here: Call = { ...call, origin };
      const invoice = findInvoice(here, id);
      if (invoice.status === 'draft') advanceDraft(here, invoice, onTime === true);
      else advanceOpen(here, invoice);
    }
  },
};
