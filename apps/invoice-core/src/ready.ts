import { ProviderName, type Readiness } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from './deps.ts';

const Providers = z.record(ProviderName, z.enum(['reachable', 'unreachable']));

const isReachable = async ({ providers }: Pick<Deps, 'providers'>, name: ProviderName) => {
  try {
    return (await providers[name].describe()).reachable;
  } catch {
    return false;
  }
};

/** @throws DomainError `unavailable` when the database cannot be read */
export const readiness = async (deps: Pick<Deps, 'store' | 'providers'>): Promise<Readiness> => {
  try {
    await deps.store.read.selectFrom('accounts').select('id').limit(1).execute();
  } catch (cause) {
    throw new DomainError('unavailable', 'The database cannot be read', { cause });
  }
  const states = await Promise.all(
    ProviderName.options.map(
      async (name) =>
        [name, (await isReachable(deps, name)) ? 'reachable' : 'unreachable'] as const,
    ),
  );
  return { ready: true, providers: Providers.parse(Object.fromEntries(states)) };
};
