import type { ApiRequest } from '../../emulator.ts';
import type { Observer } from '../../observer.ts';
import { stripeCheck } from './stripe-check.ts';

export interface StripeObserver {
  /** To be given to `createSandbox`. */
  observer: Observer;
  /** What the emulator said so far that Stripe would not say, each with the call or event that it was in. */
  violations: () => readonly string[];
  /** @throws Error that lists the violations, when there are any. */
  assertNone: () => void;
}

/** The holder of a publishable key is shown less, so that fields may be missing. */
const isPublishable = ({ headers: { authorization = '' } }: ApiRequest): boolean => {
  const [scheme, credentials = ''] = authorization.split(' ');
  const key = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString() : credentials;
  return key.startsWith('pk_');
};

/** Checks everything that the Stripe emulator says against the types of the installed SDK. */
export const observeStripe = async (): Promise<StripeObserver> => {
  const check = await stripeCheck();
  const violations: string[] = [];
  const record = (where: string, found: readonly string[]): void => {
    violations.push(...found.map((violation) => `${where}: ${violation}`));
  };

  return {
    observer: {
      answered: (emulator, request, { status, body }) => {
        if (emulator !== 'Stripe') return;
        const partial = status === 200 && isPublishable(request);
        const where = `${request.method} ${request.path} answered ${status}`;
        record(where, check(JSON.parse(body), { partial }));
      },
      webhookSent: (emulator, body) => {
        if (emulator === 'Stripe') record('webhook', check(JSON.parse(body)));
      },
    },
    violations: () => violations,
    assertNone: () => {
      if (violations.length === 0) return;
      const list = [...new Set(violations)].join('\n  ');
      throw new Error(`What the emulator said is not what Stripe's types say:\n  ${list}`);
    },
  };
};
