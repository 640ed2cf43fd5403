import { runProcess } from '@quittance/runtime';
import type { Cli } from './cli.ts';
import { report } from './report.ts';

/** Runs something that has no end of its own until Ctrl-C, SIGTERM or the end of npm, and then exits 0. */
export const untilStopped = (
  cli: Cli,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> =>
  runProcess(() => {
    const stopping = new AbortController();
    const done = work(stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) process.exit(report(cli, error));
    });
    return Promise.resolve({
      close: async () => {
        stopping.abort();
        await done;
      },
    });
  });
