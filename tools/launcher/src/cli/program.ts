import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { addDeliveriesList } from './deliveries-list.ts';
import { addDeliveriesReplay } from './deliveries-replay.ts';
import { addEndpointsCreate } from './endpoints-create.ts';
import { addEndpointsDelete } from './endpoints-delete.ts';
import { addEndpointsList } from './endpoints-list.ts';
import { addEndpointsTest } from './endpoints-test.ts';
import { addEventsTail } from './events-tail.ts';
import { addKeysCreate } from './keys-create.ts';
import { addKeysList } from './keys-list.ts';
import { addKeysRevoke } from './keys-revoke.ts';
import { addListen } from './listen.ts';
import { addTrigger } from './trigger.ts';

/** The commands, each of its own file. */
export const createProgram = (cli: Cli): Command => {
  const program = new Command('quittance')
    .description('For developers of shops: be told what happens at a Quittance hub.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.say(text.trimEnd()),
      writeErr: (text) => cli.note(text.trimEnd()),
    })
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText(
      'after',
      `
Commands talk to the hub of the demo credentials in DATA_DIR (./data), unless told otherwise; keys works on the
database there. They end with 0 when it is done, 1 when it is not, 2 when they were not understood.

Examples:
  $ quittance listen --forward http://localhost:4000/hook
  $ quittance trigger invoice.paid`,
    );
  addListen(program, cli);
  addTrigger(program, cli);

  const events = program.command('events').description('what happens');
  addEventsTail(events, cli);

  const endpoints = program.command('endpoints').description('the URLs that are told of events');
  addEndpointsList(endpoints, cli);
  addEndpointsCreate(endpoints, cli);
  addEndpointsTest(endpoints, cli);
  addEndpointsDelete(endpoints, cli);

  const deliveries = program.command('deliveries').description('what is sent to endpoints');
  addDeliveriesList(deliveries, cli);
  addDeliveriesReplay(deliveries, cli);

  const keys = program.command('keys').description('API keys, in the local database');
  addKeysCreate(keys, cli);
  addKeysList(keys, cli);
  addKeysRevoke(keys, cli);
  return program;
};
