import { createHmac } from 'node:crypto';
import { CanonicalMessage } from '@quittance/contracts/canonical';
import { type Command, Option } from 'commander';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Cli } from './cli.ts';
import { ConnectionOptions, findConnection, withConnection } from './connection.ts';
import { eventLine } from './event-line.ts';
import { UsageFailure } from './failure.ts';
import { askPatiently, followFeed, lastPosition } from './follow-feed.ts';
import { forward } from './forward.ts';
import { createHubApi } from './hub-api.ts';
import { collected, eventTypesOption, positionOption, readOptions, urlOption } from './options.ts';
import { untilStopped } from './until-stopped.ts';

const Options = ConnectionOptions.extend({
  forward: urlOption,
  events: eventTypesOption.optional(),
  secret: z.string().optional(),
  after: positionOption.optional(),
  fromStart: z.boolean().default(false),
});

/** The same each time, so that a receiver need not be told another at every start; known to the key's owner alone. */
const secretOf = (apiKey: string): string =>
  `whsec_${createHmac('sha256', apiKey).update('quittance listen').digest('base64')}`;

const readSecret = (secret: string): Webhook => {
  try {
    return new Webhook(secret);
  } catch {
    throw new UsageFailure('--secret must be whsec_ and base64');
  }
};

const listen = async (cli: Cli, options: z.output<typeof Options>): Promise<void> => {
  const { forward: url, events } = options;
  const connection = await findConnection(cli, options);
  const secret = options.secret ?? secretOf(connection.apiKey);
  const receiver = { url, webhook: readSecret(secret) };
  const api = createHubApi(connection);
  const after = options.after ?? (options.fromStart ? 0 : await lastPosition(api));
  cli.note(`Forwarding the events of ${api.url} after position ${after} to ${url}`);
  cli.note(`They are signed with the secret ${secret}`);
  cli.note('Press Ctrl-C to end.');

  await untilStopped(cli, async (signal) => {
    const patience = { signal, note: cli.note };
    let done = after;
    const stopped = () => cli.note(`Stopped; go on with --after ${done}`);
    signal.addEventListener('abort', stopped);
    await followFeed(api, {
      ...patience,
      after,
      take: async (event) => {
        const { position, type } = event;
        if (events === undefined || events.some((name) => name === type)) {
          const path = `/v1/events/${position}/message`;
          const message = await askPatiently(
            () => api.call(CanonicalMessage, path, { signal }),
            patience,
          );
          const { status, durationMs } = await forward(receiver, message, patience);
          cli.say(`${eventLine(event)}  -> ${status} in ${durationMs} ms`);
        }
        done = position;
      },
    });
  });
};

export const addListen = (program: Command, cli: Cli): void => {
  withConnection(program.command('listen'))
    .description('posts every event to a URL of yours, signed like a webhook, as it happens')
    .requiredOption('--forward <url>', 'where to post, such as http://localhost:4000/hook')
    .option('--events <types>', 'only these, such as invoice.paid,invoice.refunded', collected)
    .option('--secret <whsec>', 'what to sign with; else one that is shown')
    .option('--after <position>', 'begin after this position in the feed; else with what is new')
    .addOption(new Option('--from-start', 'begin with the first event').conflicts('after'))
    .addHelpText(
      'after',
      `
A receiver that is down is tried again until it is up, and the hub is waited for; nothing is passed over. An answer
other than 2xx is shown and not tried again.

Examples:
  $ quittance listen --forward http://localhost:4000/hook
  $ quittance listen --forward localhost:4000/hook --events invoice.paid --after 42`,
    )
    .action((options: unknown) => listen(cli, readOptions(Options, options)));
};
