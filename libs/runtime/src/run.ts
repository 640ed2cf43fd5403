import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';

export interface Running {
  close(): Promise<void>;
}

/**
 * Runs a process to its end: starts it, and on SIGTERM, SIGINT or the end of its supervisor closes it and exits 0.
 * A second signal, or a close that takes longer than `graceMs`, exits at once with 1.
 */
export const runProcess = async (
  start: () => Promise<Running>,
  { log, graceMs = 15_000 }: { log?: Logger; graceMs?: number } = {},
): Promise<void> => {
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message);
    else console.error(error);
    process.exit(1);
  }

  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log?.info('stopping');
    setTimeout(() => process.exit(1), graceMs).unref();
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.channel?.unref();
};
