import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { UsageFailure } from './failure.ts';
import { idOption } from './options.ts';
import { withIdentities } from './with-identities.ts';

const readId = (text: string): number => {
  const { data, error } = idOption.safeParse(text);
  if (data === undefined) throw new UsageFailure(`id ${error?.issues[0]?.message}`);
  return data;
};

const revoke = (cli: Cli, id: number): Promise<void> =>
  withIdentities(cli, async ({ revokeApiKey }) => {
    const { prefix, revokedAt } = await revokeApiKey({ id });
    cli.say(`Key ${id} (${prefix}...) opens nothing since ${revokedAt}`);
  });

export const addKeysRevoke = (keys: Command, cli: Cli): void => {
  keys
    .command('revoke')
    .argument('<id>', 'as keys list has it')
    .description('makes an API key open nothing, from now on and for good')
    .action((id: string) => revoke(cli, readId(id)));
};
