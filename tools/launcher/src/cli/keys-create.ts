import type { Command } from 'commander';
import { z } from 'zod';
import { accountScopes } from '../account-scopes.ts';
import type { Cli } from './cli.ts';
import { Failure } from './failure.ts';
import { collected, idOption, readOptions, scopesOption } from './options.ts';
import { type Identities, withIdentities } from './with-identities.ts';

const Options = z.object({
  user: idOption.optional(),
  scope: scopesOption.default([...accountScopes]),
});

/** The only user there is. @throws Failure where it has to be said who */
const onlyUser = async ({ listAccounts, listUsers }: Identities): Promise<number> => {
  const accounts = await listAccounts();
  const users = (
    await Promise.all(accounts.map(({ id: accountId }) => listUsers({ accountId })))
  ).flat();
  const [only] = users;
  if (only && users.length === 1) return only.id;
  const known = users.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new Failure(
    only
      ? `Say for whom with --user: ${known}`
      : 'There is no user yet: make an account with npm run account',
  );
};

const create = (cli: Cli, { user, scope }: z.output<typeof Options>): Promise<void> =>
  withIdentities(cli, async (identities) => {
    const userId = user ?? (await onlyUser(identities));
    const { apiKey, secret } = await identities.createApiKey({ userId, scopes: scope });
    const { id, scopes } = apiKey;
    cli.note('The key is shown this once.');
    cli.say(JSON.stringify({ id, userId, scopes, apiKey: secret }, null, 2));
  });

export const addKeysCreate = (keys: Command, cli: Cli): void => {
  keys
    .command('create')
    .description('makes an API key')
    .option('--user <id>', 'whose; may be left out where there is only one user')
    .option('--scope <scopes>', `what it may do; else ${accountScopes.join(',')}`, collected)
    .addHelpText(
      'after',
      `
Examples:
  $ quittance keys create
  $ quittance keys create --user 2 --scope invoices:read,webhooks:read`,
    )
    .action((options: unknown) => create(cli, readOptions(Options, options)));
};
