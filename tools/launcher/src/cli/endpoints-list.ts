import { type CanonicalEndpoint, CanonicalEndpoints } from '@quittance/contracts/canonical';
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { readOptions } from './options.ts';
import { tableOf } from './table.ts';

const stateOf = ({ enabled, disabledReason, failingSince }: CanonicalEndpoint): string => {
  if (!enabled) return `disabled (${disabledReason})`;
  return failingSince === null ? 'enabled' : `failing since ${failingSince}`;
};

const list = async (cli: Cli, options: ConnectionOptions): Promise<void> => {
  const api = await connect(cli, options);
  const { data } = await api.call(CanonicalEndpoints, '/v1/webhook-endpoints');
  const rows = data.map((endpoint) => [
    endpoint.id,
    stateOf(endpoint),
    endpoint.url,
    endpoint.eventTypes?.join(',') ?? 'all events',
  ]);
  for (const line of tableOf([['ID', 'STATE', 'URL', 'EVENTS'], ...rows])) cli.say(line);
};

export const addEndpointsList = (endpoints: Command, cli: Cli): void => {
  withConnection(endpoints.command('list'))
    .description('lists the webhook endpoints of the account')
    .action((options: unknown) => list(cli, readOptions(ConnectionOptions, options)));
};
