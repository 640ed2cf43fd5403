import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { createIdentities } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import type { Cli } from './cli.ts';
import { Failure } from './failure.ts';
import { loadCliConfig } from './settings.ts';

export type Identities = ReturnType<typeof createIdentities>;

/** Does something with the accounts of the local database: a hub may be using it, but none has to run. */
export const withIdentities = async <T>(
  { env }: Pick<Cli, 'env'>,
  use: (identities: Identities) => Promise<T>,
): Promise<T> => {
  const file = join(loadCliConfig(env).DATA_DIR, 'quittance.db');
  if (!existsSync(file)) {
    throw new Failure(
      `There is no database at ${file}. Start a hub with npm start, or make an account with ` +
        'npm run account; DATA_DIR says where.',
    );
  }
  // The core is large, and the other commands start without it.
  const { createIdentities, openSqliteStore } = await import('@quittance/invoice-core/app');
  const store = await openSqliteStore(file);
  try {
    return await use(createIdentities({ store, clock: systemClock }));
  } finally {
    await store.close();
  }
};
