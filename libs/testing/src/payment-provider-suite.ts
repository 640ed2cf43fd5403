import { describe, test } from 'vitest';
import { afterwardsChecks } from './afterwards-checks.ts';
import { openingChecks } from './opening-checks.ts';
import { paymentChecks } from './payment-checks.ts';
import { type Check, traitsOf } from './provider-traits.ts';
import type { ProviderUnderTest } from './provider-under-test.ts';

/**
 * What every implementation of the PaymentProvider port does, wherever it runs. What a provider does not have is not
 * expected of it: those tests are skipped.
 */
export const paymentProviderSuite = (
  name: string,
  start: () => Promise<ProviderUnderTest>,
): void => {
  const check: Check = (title, run, applies = () => true) =>
    test(title, async ({ skip }) => {
      const subject = await start();
      try {
        const traits = await traitsOf(subject);
        skip(!applies(traits), 'not of this provider');
        await run(subject, traits);
      } finally {
        await subject.close();
      }
    });

  describe(`PaymentProvider: ${name}`, () => {
    openingChecks(check);
    paymentChecks(check);
    afterwardsChecks(check);
  });
};
