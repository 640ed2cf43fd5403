import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateAccount, User } from '@quittance/contracts';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { accountScopes } from './account-scopes.ts';
import { loadConfig } from './config.ts';
import { makeDataFolder } from './data-folder.ts';
import { loadEnvironment } from './load-environment.ts';

const usage =
  'Usage: npm run account -- --name "My shop" [--user "Ada"] [--email ada@example.com] [--admin]';

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      user: { type: 'string', default: 'Owner' },
      email: { type: 'string' },
      admin: { type: 'boolean', default: false },
    },
  });
  return {
    account: CreateAccount.parse({ name: values.name }),
    isAdmin: values.admin,
    user: User.pick({ name: true, email: true }).parse({
      name: values.user,
      email: values.email ?? null,
    }),
  };
};

const argumentsOrExit = (): ReturnType<typeof readArguments> => {
  try {
    return readArguments();
  } catch (error) {
    console.error(usage);
    console.error(error instanceof Error ? error.message : error);
    return process.exit(2);
  }
};

const { account, user, isAdmin } = argumentsOrExit();
const { DATA_DIR } = loadConfig(loadEnvironment());
await makeDataFolder(DATA_DIR);
const store = await openSqliteStore(join(DATA_DIR, 'quittance.db'));
const identities = createIdentities({ store, clock: systemClock });
const { id: accountId } = await identities.createAccount(account);
const { id: userId } = await identities.createUser({ accountId, ...user });
const { secret } = await identities.createApiKey({
  userId,
  scopes: [...accountScopes],
});
const admin = isAdmin ? await identities.createApiKey({ userId, scopes: ['admin'] }) : undefined;
await store.close();
const made = { accountId, userId, apiKey: secret, ...(admin && { adminKey: admin.secret }) };
console.log(JSON.stringify(made, null, 2));
