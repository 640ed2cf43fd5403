import { CanonicalTested } from '@quittance/contracts/canonical';
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { connect, ConnectionOptions, withConnection } from './connection.ts';
import { Failure } from './failure.ts';
import { readOptions } from './options.ts';

const ping = async (cli: Cli, id: string, options: ConnectionOptions): Promise<void> => {
  const api = await connect(cli, options);
  const path = `/v1/webhook-endpoints/${encodeURIComponent(id)}/test`;
  const { webhookId, attempt } = await api.call(CanonicalTested, path, { method: 'POST' });
  const { result, httpStatus, durationMs, error } = attempt;
  const answer = httpStatus === null ? (error ?? 'no answer') : `answered ${httpStatus}`;
  const line = `${webhookId}: ${result} in ${durationMs} ms (${answer})`;
  if (result !== 'succeeded') throw new Failure(line);
  cli.say(line);
};

export const addEndpointsTest = (endpoints: Command, cli: Cli): void => {
  withConnection(endpoints.command('test'))
    .argument('<id>', 'as endpoints list has it')
    .description('sends a signed test ping at once, and says what came of it')
    .action((id: string, options: unknown) =>
      ping(cli, id, readOptions(ConnectionOptions, options)),
    );
};
