import { type PaymentProvider, ProviderName, type Readiness } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from './deps.ts';

const States = z.partialRecord(ProviderName, z.enum(['reachable', 'unreachable']));

const stateOf = async (name: ProviderName, provider: PaymentProvider) => {
  const { reachable } = await provider.describe().catch(() => ({ reachable: false }));
  return [name, reachable ? 'reachable' : 'unreachable'] as const;
};

/** @throws DomainError `unavailable` when the database cannot be read */
export const readiness = async ({
  store,
  providers,
}: Pick<Deps, 'store' | 'providers'>): Promise<Readiness> => {
  try {
    await store.read.selectFrom('accounts').select('id').limit(1).execute();
  } catch (cause) {
    throw new DomainError('unavailable', 'The database cannot be read', { cause });
  }
  const states = await Promise.all(
    ProviderName.options.flatMap((name) => {
      const provider = providers[name];
      return provider ? [stateOf(name, provider)] : [];
    }),
  );
  return { ready: true, providers: States.parse(Object.fromEntries(states)) };
};
