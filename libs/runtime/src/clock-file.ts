import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config.ts';

const ClockFile = z.object({ offset_ms: z.int() });

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * How far the clock of this file is ahead of system time, in ms; 0 where there is no file.
 * @throws ConfigError when the file is not one that `writeClockOffset` wrote
 */
export const readClockOffset = (file: string): number => {
  const text = textOf(file);
  if (text === undefined) return 0;
  try {
    const content: unknown = JSON.parse(text);
    return ClockFile.parse(content).offset_ms;
  } catch (cause) {
    throw new ConfigError(`${file} does not hold a clock; delete it to return to system time`, {
      cause,
    });
  }
};

/** Replaces the file whole, so that no reader ever sees half of it, and a crash leaves the old one or the new one. */
export const writeClockOffset = (file: string, offsetMs: number): void => {
  const draft = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(draft, `${JSON.stringify({ offset_ms: offsetMs })}\n`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(draft, file);
};
