import type { Caller, Invoice, InvoiceCore } from '@quittance/contracts';
import type { Seed002Create } from '@quittance/contracts/seed-002';
import { DomainError } from '@quittance/rpc';
import { statedCurrency, toCreateInvoice } from './to-core.ts';

const provider = 'stripe';

/**
 * Makes an invoice for the user who is the customer, in the currency that the request says, or else the customer's own.
 * @throws DomainError as the core does; `invalid_request` where nobody says a currency
 */
export const createInvoice = async (
  { identities, providers, invoices }: InvoiceCore,
  {
    request,
    caller,
    idempotencyKey,
  }: { request: Seed002Create; caller: Caller; idempotencyKey: string | null },
): Promise<Invoice> => {
  const { customer } = request;
  const stated = statedCurrency(request);
  const { accountId } = caller;
  const user = await identities.userOfCustomer({ accountId, provider, customerRef: customer });
  const currency = stated ?? (await providers.customer({ provider, ref: customer })).currency;
  if (currency === null) {
    throw new DomainError('invalid_request', 'must be given: the customer has none', {
      param: 'currency',
    });
  }
  const owner = { accountId: user.accountId, userId: user.id };
  return invoices.create(toCreateInvoice(request, { caller, idempotencyKey, owner, currency }));
};
