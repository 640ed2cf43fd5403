import { loadEnvironment } from '../load-environment.ts';
import { runCli } from './run-cli.ts';

// Whoever reads the output, such as head, has seen enough.
process.stdout.on('error', () => process.exit(0));

const cli = {
  env: loadEnvironment(),
  say: (line: string) => console.log(line),
  note: (line: string) => console.error(line),
};
process.exitCode = await runCli(cli, process.argv.slice(2));
