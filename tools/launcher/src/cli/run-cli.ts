import type { Cli } from './cli.ts';
import { createProgram } from './program.ts';
import { report } from './report.ts';

/** Runs a command to its end. Never rejects. @returns its exit code */
export const runCli = async (cli: Cli, args: readonly string[]): Promise<number> => {
  try {
    await createProgram(cli).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return report(cli, error);
  }
};
