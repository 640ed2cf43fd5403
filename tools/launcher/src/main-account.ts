import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateAccount, LinkTelegram, User } from '@quittance/contracts';
import {
  createIdentities,
  createTelegramIdentities,
  openSqliteStore,
} from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { accountScopes } from './account-scopes.ts';
import { loadConfig } from './config.ts';
import { makeDataFolder } from './data-folder.ts';
import { encryptionKey } from './encryption-key.ts';
import { loadEnvironment } from './load-environment.ts';

const usage =
  'Usage: npm run account -- --name "My shop" [--user "Ada"] [--email ada@example.com] [--admin]\n' +
  '  [--telegram-id 123456789 [--pin 123456]]';

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      user: { type: 'string', default: 'Owner' },
      email: { type: 'string' },
      admin: { type: 'boolean', default: false },
      'telegram-id': { type: 'string' },
      pin: { type: 'string' },
    },
  });
  const telegramId = values['telegram-id'];
  return {
    telegram:
      telegramId === undefined
        ? undefined
        : LinkTelegram.omit({ userId: true }).parse({
            telegramId: Number(telegramId),
            pin: values.pin ?? null,
          }),
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

const { account, user, isAdmin, telegram } = argumentsOrExit();
const config = loadConfig(loadEnvironment());
const { DATA_DIR } = config;
await makeDataFolder(DATA_DIR);
const store = await openSqliteStore(join(DATA_DIR, 'quittance.db'));
const identities = createIdentities({ store, clock: systemClock });
const { id: accountId } = await identities.createAccount(account);
const { id: userId } = await identities.createUser({ accountId, ...user });
const { secret } = await identities.createApiKey({
  userId,
  scopes: [...accountScopes],
});
if (telegram) {
  const deps = { store, clock: systemClock, encryptionKey: await encryptionKey(config) };
  await createTelegramIdentities(deps).linkTelegram({ userId, ...telegram });
}
const admin = isAdmin ? await identities.createApiKey({ userId, scopes: ['admin'] }) : undefined;
await store.close();
const made = { accountId, userId, apiKey: secret, ...(admin && { adminKey: admin.secret }) };
console.log(JSON.stringify(made, null, 2));
