import type { InvoiceCore, Scope, User } from '@quittance/contracts';
import {
  type DemoCredentials,
  readDemoCredentials,
  writeDemoCredentials,
} from './demo-credentials.ts';

const accountName = 'Demo';
const scopes: Scope[] = ['invoices:read', 'invoices:write'];

const isAccepted = async ({ identities }: InvoiceCore, apiKey: string): Promise<boolean> =>
  identities.authenticate({ apiKey, scope: 'invoices:write' }).then(
    () => true,
    () => false,
  );

/** The demo user: made on an empty database, found again later, absent where somebody has accounts of their own. */
const demoUser = async ({ identities }: InvoiceCore): Promise<User | undefined> => {
  const accounts = await identities.listAccounts();
  const known = accounts.find(({ name }) => name === accountName);
  if (accounts.length > 0 && !known) return undefined;
  const account = known ?? (await identities.createAccount({ name: accountName }));
  const [user] = await identities.listUsers({ accountId: account.id });
  return (
    user ??
    (await identities.createUser({
      accountId: account.id,
      name: 'Demo User',
      email: 'demo@example.com',
    }))
  );
};

/**
 * Sees to it that a sandboxed hub has credentials to start with, and that the file tells them: also when an earlier
 * start was cut off half-way, or moved ports. @returns undefined where the hub has accounts of its own
 */
export const ensureDemoAccount = async (
  core: InvoiceCore,
  dataDir: string,
  hub: Omit<DemoCredentials, 'apiKey' | 'userId'>,
): Promise<DemoCredentials | undefined> => {
  const known = await readDemoCredentials(dataDir);
  if (known && (await isAccepted(core, known.apiKey))) {
    const credentials = { ...known, ...hub };
    await writeDemoCredentials(dataDir, credentials);
    return credentials;
  }
  const user = await demoUser(core);
  if (!user) return undefined;
  const { secret } = await core.identities.createApiKey({ userId: user.id, scopes });
  const credentials = { ...hub, apiKey: secret, userId: user.id };
  await writeDemoCredentials(dataDir, credentials);
  return credentials;
};
