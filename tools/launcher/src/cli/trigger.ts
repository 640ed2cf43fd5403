import { setTimeout as sleep } from 'node:timers/promises';
import { CanonicalEvents } from '@quittance/contracts/canonical';
import { Argument, type Command } from 'commander';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { Failure, UsageFailure } from './failure.ts';
import type { HubApi } from './hub-api.ts';
import { readOptions, urlOption } from './options.ts';
import { sandboxOf } from './sandbox.ts';
import { type Stage, triggers } from './triggers.ts';

const Options = ConnectionOptions.extend({ sandboxUrl: urlOption.optional() });

/** How long the hub may take to tell of an event, and how often to look, in ms. */
const waiting = { maxMs: 30_000, everyMs: 50 };

const teller =
  (api: HubApi): Stage['told'] =>
  async ({ id }, type) => {
    const deadline = Date.now() + waiting.maxMs;
    for (;;) {
      const { data } = await api.call(CanonicalEvents, `/v1/invoices/${id}/events`);
      if (data.some((event) => event.type === type)) return;
      if (Date.now() > deadline) throw new Failure(`The hub does not tell of ${type} of ${id}`);
      await sleep(waiting.everyMs);
    }
  };

const trigger = async (cli: Cli, type: string, options: unknown): Promise<void> => {
  const { sandboxUrl, ...connection } = readOptions(Options, options);
  const happen = triggers[type];
  if (!happen) throw new UsageFailure(`${type} cannot be triggered`);
  const api = await connect(cli, connection);
  const stripe = await sandboxOf(cli, { hubUrl: api.url, sandboxUrl });
  const stage = { api, stripe, told: teller(api) };
  const invoice = await happen(stage);
  await stage.told(invoice, type);
  cli.note(`${type} happened to invoice`);
  cli.say(invoice.id);
};

export const addTrigger = (program: Command, cli: Cli): void => {
  withConnection(program.command('trigger'))
    .addArgument(
      new Argument('<event>', 'what is to happen').choices(Object.keys(triggers).toSorted()),
    )
    .description('makes an event happen for real in the sandbox, and prints the invoice')
    .option('--sandbox-url <url>', 'the sandbox of the hub; else that of the demo credentials')
    .addHelpText(
      'after',
      `
Examples:
  $ quittance trigger invoice.paid
  $ quittance trigger invoice.expired`,
    )
    .action((type: string, options: unknown) => trigger(cli, type, options));
};
