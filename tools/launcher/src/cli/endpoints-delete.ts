import { CanonicalEndpoint } from '@quittance/contracts/canonical';
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { readOptions } from './options.ts';

const remove = async (cli: Cli, id: string, options: ConnectionOptions): Promise<void> => {
  const api = await connect(cli, options);
  const path = `/v1/webhook-endpoints/${encodeURIComponent(id)}`;
  const { url } = await api.call(CanonicalEndpoint, path, { method: 'DELETE' });
  cli.say(`${url} is told nothing more`);
};

export const addEndpointsDelete = (endpoints: Command, cli: Cli): void => {
  withConnection(endpoints.command('delete'))
    .argument('<id>', 'as endpoints list has it')
    .description('removes a webhook endpoint with all its deliveries')
    .action((id: string, options: unknown) =>
      remove(cli, id, readOptions(ConnectionOptions, options)),
    );
};
