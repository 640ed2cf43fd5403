import type { ActInput, Observation } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { cancelIntent } from './cancel.ts';
import { actOnInvoice } from './invoice-acts.ts';
import type { StripeDeps } from './payment-intents.ts';
import { isInvoiceRef } from './refs.ts';

/** Does what is asked for to the invoice or PaymentIntent that the ref names. */
export const act = async (deps: StripeDeps, input: ActInput): Promise<Observation> => {
  if (isInvoiceRef(input.ref)) return actOnInvoice(deps, input);
  if (input.act.kind === 'cancel') return cancelIntent(deps, input);
  throw new DomainError(
    'provider_refused',
    `A PaymentIntent can only be canceled: ${input.act.kind} is for Stripe invoices`,
  );
};
