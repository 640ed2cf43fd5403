import { DomainError } from '@quittance/rpc';
import { ConfigError } from '@quittance/runtime';
import { CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { Failure } from './failure.ts';

/** What is no mistake of whoever typed the command is told with all that can help to find it. */
const described = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Says why a command has ended. @returns its exit code: 0 for help, 2 for a wrong use, 1 for all else */
export const report = ({ note }: Pick<Cli, 'note'>, error: unknown): number => {
  // Commander has said so itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) {
    note(`error: ${error.message}`);
    return error.exitCode;
  }
  const isTold = error instanceof DomainError || error instanceof ConfigError;
  note(isTold ? `error: ${error.message}` : described(error));
  return 1;
};
