import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { loadConfig } from './config.ts';
import { loadEnvironment } from './load-environment.ts';

const { values } = parseArgs({
  options: {
    name: { type: 'string' },
    user: { type: 'string', default: 'Owner' },
    email: { type: 'string' },
  },
});
if (values.name === undefined) {
  console.error(
    'Usage: npm run account -- --name "My shop" [--user "Ada"] [--email ada@example.com]',
  );
  process.exit(2);
}

const { DATA_DIR } = loadConfig(loadEnvironment());
const store = await openSqliteStore(join(DATA_DIR, 'quittance.db'));
const identities = createIdentities({ store, clock: systemClock });
const account = await identities.createAccount({ name: values.name });
const user = await identities.createUser({
  accountId: account.id,
  name: values.user,
  email: values.email ?? null,
});
const { secret } = await identities.createApiKey({
  userId: user.id,
  scopes: ['invoices:read', 'invoices:write'],
});
await store.close();
console.log(JSON.stringify({ accountId: account.id, userId: user.id, apiKey: secret }, null, 2));
