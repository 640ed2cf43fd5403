import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';

export interface Running {
  close(): Promise<void>;
}

/** A signal that comes again so soon is still the first one: a terminal signals everyone, and npm passes it on. */
const echoMs = 1000;
const parentCheckMs = 500;

// Read as early as can be: a parent that is gone by then is never missed.
const parent = process.ppid;

/** Windows keeps naming a parent that is gone, so it is asked for too. */
const isParentGone = (): boolean => {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

/**
 * Runs a process to its end: starts it, and on SIGTERM, SIGINT or the end of its supervisor closes it and exits 0. npm
 * counts as a supervisor: it does not pass every signal on to the program behind its shell.
 * The same signal again, a close that takes longer than `graceMs`, or a stop before it has started exits at once with 1.
 */
export const runProcess = async (
  start: () => Promise<Running>,
  { log, graceMs = 15_000 }: { log?: Logger; graceMs?: number } = {},
): Promise<void> => {
  let running: Running | undefined;
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    if (!running) process.exit(1);
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

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    let firstAt: number | undefined;
    process.on(signal, () => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > echoMs) process.exit(1);
      stop();
    });
  }
  process.on('disconnect', stop);
  process.channel?.unref();
  // A supervisor that ended before anybody listened. Without one the property is not there.
  if ('connected' in process && !process.connected) stop();
  if (process.env.npm_lifecycle_event !== undefined) {
    setInterval(() => isParentGone() && stop(), parentCheckMs).unref();
  }

  try {
    running = await start();
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message);
    else console.error(error);
    process.exit(1);
  }
};
