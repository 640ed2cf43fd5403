import { CanonicalEndpointWithSecret } from '@quittance/contracts/canonical';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { collected, eventTypesOption, readOptions } from './options.ts';

const Options = ConnectionOptions.extend({
  events: eventTypesOption.optional(),
  description: z.string().optional(),
  ordered: z.boolean().default(false),
});

const create = async (
  cli: Cli,
  url: string,
  { events, description, ordered, ...connection }: z.output<typeof Options>,
): Promise<void> => {
  const api = await connect(cli, connection);
  const created = await api.call(CanonicalEndpointWithSecret, '/v1/webhook-endpoints', {
    method: 'POST',
    body: { url, description, ordered, ...(events && { eventTypes: events }) },
  });
  cli.note('The secret is shown this once.');
  cli.say(JSON.stringify(created, null, 2));
};

export const addEndpointsCreate = (endpoints: Command, cli: Cli): void => {
  withConnection(endpoints.command('create'))
    .argument('<receiver>', 'the URL that is to be told')
    .description('has events sent to a URL, and prints the secret that signs them')
    .option('--events <types>', 'only these, such as invoice.paid,invoice.refunded', collected)
    .option('--description <text>')
    .option('--ordered', "each of an invoice's events only when the one before has arrived")
    .addHelpText(
      'after',
      `
Examples:
  $ quittance endpoints create https://shop.example/hook
  $ quittance endpoints create https://shop.example/hook --events invoice.paid --ordered`,
    )
    .action((url: string, options: unknown) => create(cli, url, readOptions(Options, options)));
};
