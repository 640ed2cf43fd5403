import type { InvoiceCore, Scope, User } from '@quittance/contracts';
import { accountScopes } from './account-scopes.ts';
import {
  type DemoCredentials,
  readKnownCredentials,
  writeDemoCredentials,
} from './demo-credentials.ts';
import { ensureDemoCustomer } from './demo-customer.ts';
import { ensureDemoPeople } from './demo-people.ts';
import { ensureDemoProject } from './demo-project.ts';

const accountName = 'Demo';

const isAccepted = async (
  { identities }: InvoiceCore,
  apiKey: string | undefined,
  scope: Scope,
): Promise<boolean> =>
  apiKey !== undefined &&
  identities.authenticate({ apiKey, scope }).then(
    () => true,
    () => false,
  );

/** A key with these scopes: the known one, while it opens the last of them, or a new one. */
const ensureKey = async (
  core: InvoiceCore,
  known: string | undefined,
  { userId, scopes }: { userId: number; scopes: readonly [...Scope[], Scope] },
): Promise<string> => {
  const [last] = scopes.slice(-1);
  if (known !== undefined && last && (await isAccepted(core, known, last))) return known;
  return (await core.identities.createApiKey({ userId, scopes: [...scopes] })).secret;
};

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
 * start was cut off half-way, moved ports, or was of a hub that knew fewer of them.
 * @returns undefined where the hub has accounts of its own
 */
export const ensureDemoAccount = async (
  core: InvoiceCore,
  dataDir: string,
  {
    webhookSecret,
    sellerPin,
    ...urls
  }: Pick<DemoCredentials, 'gatewayUrl' | 'sandboxUrl'> & {
    webhookSecret: string;
    sellerPin: string;
  },
): Promise<DemoCredentials | undefined> => {
  const known = await readKnownCredentials(dataDir);
  const user = await demoUser(core);
  if (!user) return undefined;
  const customer = await ensureDemoCustomer(urls.sandboxUrl, user, known.stripe);
  await core.identities.userOfCustomer({
    accountId: user.accountId,
    provider: 'stripe',
    customerRef: customer.customer,
  });
  const caller = { accountId: user.accountId, userId: user.id };
  const { id: projectId } = await ensureDemoProject(core, caller, {
    ...urls,
    knownId: known.projectId,
  });
  const credentials = {
    ...urls,
    apiKey: await ensureKey(core, known.apiKey, {
      userId: user.id,
      scopes: accountScopes,
    }),
    adminKey: await ensureKey(core, known.adminKey, { userId: user.id, scopes: ['admin'] }),
    userId: user.id,
    projectId,
    bitsbyToken: await ensureKey(core, known.bitsbyToken, {
      userId: user.id,
      scopes: ['invoices:read', 'invoices:write'],
    }),
    stripe: { ...customer, webhookSecret },
    telegram: await ensureDemoPeople(core, user, { ...urls, pin: sellerPin }),
  };
  await writeDemoCredentials(dataDir, credentials);
  return credentials;
};
