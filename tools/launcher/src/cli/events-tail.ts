import type { Command } from 'commander';
import { z } from 'zod';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { eventLine } from './event-line.ts';
import { followFeed, lastPosition } from './follow-feed.ts';
import { positionOption, readOptions } from './options.ts';
import { untilStopped } from './until-stopped.ts';

const Options = ConnectionOptions.extend({
  after: positionOption.optional(),
  json: z.boolean().default(false),
});

const tail = async (cli: Cli, options: z.output<typeof Options>): Promise<void> => {
  const api = await connect(cli, options);
  const after = options.after ?? (await lastPosition(api));
  cli.note(`The events of ${api.url} after position ${after}. Press Ctrl-C to end.`);
  await untilStopped(cli, (signal) =>
    followFeed(api, {
      after,
      signal,
      note: cli.note,
      take: (event) => {
        cli.say(options.json ? JSON.stringify(event) : eventLine(event));
        return Promise.resolve();
      },
    }),
  );
};

export const addEventsTail = (events: Command, cli: Cli): void => {
  withConnection(events.command('tail'))
    .description('prints events as they happen')
    .option('--after <position>', 'begin after this position in the feed; else with what is new')
    .option('--json', 'one JSON object a line, as the API has it')
    .addHelpText(
      'after',
      `
Examples:
  $ quittance events tail --after 0
  $ quittance events tail --json | jq .type`,
    )
    .action((options: unknown) => tail(cli, readOptions(Options, options)));
};
