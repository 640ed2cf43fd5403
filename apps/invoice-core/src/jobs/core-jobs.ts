import { ProviderName } from '@quittance/contracts';
import { z } from 'zod';

export const InvoiceJob = z.object({ invoiceId: z.int().positive() });
export const TakeInJob = z.object({ provider: ProviderName, customerRef: z.string() });
export const ActJob = z.object({ actId: z.int().positive() });
export const EndpointJob = z.object({ endpointId: z.int().positive() });

/** Every kind of background work and what it is about. */
export interface CoreJobs {
  /** Finishes a create that has not been answered. */
  open: z.infer<typeof InvoiceJob>;
  /** Ends an invoice at its `expiresAt`. */
  expire: z.infer<typeof InvoiceJob>;
  /** Asks the provider about an invoice that nothing has been heard of. */
  poll: z.infer<typeof InvoiceJob>;
  /** Finishes a cancel or a refund whose outcome is not known. */
  act: z.infer<typeof ActJob>;
  /** Goes on taking in what was made for a customer before they were known as a user. */
  take_in: z.infer<typeof TakeInJob>;
  /** Sends what is due to an endpoint. */
  deliver: z.infer<typeof EndpointJob>;
  /** Deletes what is left of an endpoint that was removed. */
  remove: z.infer<typeof EndpointJob>;
}

/** How long whoever asked for something has to see it through before background work takes it up, in ms. */
export const headStartMs = 2000;
