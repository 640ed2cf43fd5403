import { DeliveryState, WebhookEventType } from '@quittance/contracts';
import { CanonicalDeliveryPage } from '@quittance/contracts/canonical';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { readOptions } from './options.ts';
import { tableOf } from './table.ts';

const Options = ConnectionOptions.extend({
  endpoint: z.string().optional(),
  status: z
    .enum(DeliveryState.enum, { error: `must be of: ${DeliveryState.options.join(', ')}` })
    .optional(),
  type: z
    .enum(WebhookEventType.enum, { error: `must be of: ${WebhookEventType.options.join(', ')}` })
    .optional(),
  invoice: z.string().optional(),
  after: z.string().optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: 'must be 1 to 200' })
    .default('20'),
});

const list = async (
  cli: Cli,
  { endpoint, status, type, invoice, after, limit, ...connection }: z.output<typeof Options>,
): Promise<void> => {
  const api = await connect(cli, connection);
  const query = new URLSearchParams({
    limit,
    ...(endpoint !== undefined && { endpointId: endpoint }),
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(invoice !== undefined && { invoiceId: invoice }),
    ...(after !== undefined && { after }),
  });
  const { data, next } = await api.call(
    CanonicalDeliveryPage,
    `/v1/deliveries?${query.toString()}`,
  );
  const rows = data.map((delivery) => [
    delivery.id,
    delivery.status,
    String(delivery.attempts),
    delivery.type,
    delivery.invoiceId ?? '',
    delivery.endpointId,
    delivery.nextAttemptAt ?? '',
  ]);
  const header = ['ID', 'STATUS', 'TRIES', 'EVENT', 'INVOICE', 'ENDPOINT', 'NEXT TRY'];
  for (const line of tableOf([header, ...rows])) cli.say(line);
  if (next !== null) cli.note(`There are more: --after ${next}`);
};

export const addDeliveriesList = (deliveries: Command, cli: Cli): void => {
  withConnection(deliveries.command('list'))
    .description('lists what was and is to be sent, newest first')
    .option('--endpoint <id>', 'to this endpoint')
    .option('--status <status>', `of: ${DeliveryState.options.join(', ')}`)
    .option('--type <event>', 'of this type of event')
    .option('--invoice <id>', 'about this invoice')
    .option('--after <id>', 'the page after this delivery')
    .option('--limit <number>', 'how many, 1 to 200; else 20')
    .addHelpText(
      'after',
      `
Example:
  $ quittance deliveries list --status failed --type invoice.paid`,
    )
    .action((options: unknown) => list(cli, readOptions(Options, options)));
};
