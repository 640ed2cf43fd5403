import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { tableOf } from './table.ts';
import { withIdentities } from './with-identities.ts';

const list = (cli: Cli): Promise<void> =>
  withIdentities(cli, async ({ listApiKeys }) => {
    const rows = (await listApiKeys()).map((key) => [
      String(key.id),
      key.prefix,
      String(key.userId),
      key.createdAt,
      key.revokedAt === null ? 'valid' : `revoked ${key.revokedAt}`,
      key.scopes.join(','),
    ]);
    const header = ['ID', 'BEGINS', 'USER', 'CREATED', 'STATE', 'SCOPES'];
    for (const line of tableOf([header, ...rows])) cli.say(line);
  });

export const addKeysList = (keys: Command, cli: Cli): void => {
  keys
    .command('list')
    .description('lists the API keys, also those that were revoked')
    .action(() => list(cli));
};
