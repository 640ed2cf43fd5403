import { stripeCheck } from './stripe-check.ts';

/** Makes the schemas before any test runs, so that none has to wait for them. */
export const setup = async (): Promise<void> => {
  await stripeCheck();
};
