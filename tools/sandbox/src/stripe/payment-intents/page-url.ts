/** The page on which a person pays, declines or authenticates a PaymentIntent. */
export const pagePath = (intentId: string): string =>
  `/_sandbox/stripe/payment_intents/${encodeURIComponent(intentId)}`;

export const pageUrl = (origin: string, intentId: string): string =>
  `${origin}${pagePath(intentId)}`;
