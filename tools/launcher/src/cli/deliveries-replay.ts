import { CanonicalDelivery, CanonicalReplayed } from '@quittance/contracts/canonical';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { UsageFailure } from './failure.ts';
import { readOptions } from './options.ts';

const Options = ConnectionOptions.extend({
  endpoint: z.string().optional(),
  since: z.string().optional(),
  until: z.string().optional(),
});

/** Not now: a sandbox's clock may be far ahead. */
const endOfTime = '9999-12-31T23:59:59Z';

const replay = async (
  cli: Cli,
  id: string | undefined,
  { endpoint, since, until, ...connection }: z.output<typeof Options>,
): Promise<void> => {
  const isRange = since !== undefined || until !== undefined;
  if ((id === undefined) === (endpoint === undefined) || (id !== undefined && isRange)) {
    throw new UsageFailure('Give either a delivery, or --endpoint with or without a time');
  }
  const api = await connect(cli, connection);
  if (id !== undefined) {
    const path = `/v1/deliveries/${encodeURIComponent(id)}/replay`;
    const { webhookId } = await api.call(CanonicalDelivery, path, { method: 'POST' });
    cli.say(`${webhookId} is sent again`);
    return;
  }
  const path = `/v1/webhook-endpoints/${encodeURIComponent(endpoint ?? '')}/replay`;
  const body = isRange ? { since, until: until ?? endOfTime } : { failed: true };
  const { deliveries } = await api.call(CanonicalReplayed, path, { method: 'POST', body });
  cli.say(`${deliveries} are sent again`);
};

export const addDeliveriesReplay = (deliveries: Command, cli: Cli): void => {
  withConnection(deliveries.command('replay'))
    .argument('[id]', 'one delivery, as deliveries list has it')
    .description('sends again: one delivery, all that failed of an endpoint, or all of a time')
    .option('--endpoint <id>', 'all of it that failed, unless a time is given')
    .option('--since <time>', 'every event from then on, sent before or not')
    .option('--until <time>', 'and before then; else all since')
    .addHelpText(
      'after',
      `
Examples:
  $ quittance deliveries replay del_0123456789abcdef01234567
  $ quittance deliveries replay --endpoint ep_0123456789abcdef01234567
  $ quittance deliveries replay --endpoint ep_0123456789abcdef01234567 --since 2026-01-31T00:00:00Z`,
    )
    .action((id: string | undefined, options: unknown) =>
      replay(cli, id, readOptions(Options, options)),
    );
};
