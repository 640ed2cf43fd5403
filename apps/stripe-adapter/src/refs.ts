/** An object, as Stripe names it: by its id, or whole where it was asked to. */
type Expandable = string | { id: string } | null | undefined;

export const idOf = (object: Expandable): string | undefined =>
  typeof object === 'string' ? object : object?.id;

/** Stripe's ids say what they are of; everything else that the port is given is a PaymentIntent. */
export const isInvoiceRef = (ref: string): boolean => ref.startsWith('in_');
