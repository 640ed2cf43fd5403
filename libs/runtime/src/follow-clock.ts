import { readClockOffset } from './clock-file.ts';
import { type Clock, systemClock } from './clock.ts';

/** A call of a following clock at least this many ms after the file was written gives the new time. */
export const followEveryMs = 10;

/**
 * The clock that another process moves by writing `file`. The file is read when the time is asked for, and at most
 * every `followEveryMs`: between reads a call costs no more than asking the system.
 * @param elapsed a time that nobody sets, in ms
 * @throws ConfigError when the file does not hold a clock
 */
export const followClock = (
  file: string,
  {
    clock = systemClock,
    elapsed = () => performance.now(),
  }: { clock?: Clock; elapsed?: () => number } = {},
): Clock => {
  let offsetMs = readClockOffset(file);
  let readAt = elapsed();
  return () => {
    if (elapsed() - readAt >= followEveryMs) {
      readAt = elapsed();
      try {
        offsetMs = readClockOffset(file);
      } catch {
        // A file that cannot be read at the moment is no reason to fail a request, nor to jump back in time.
      }
    }
    return clock() + offsetMs;
  };
};

/** System time, or, in a sandboxed hub, the time of its clock file. */
export const clockOf = (file: string | undefined): Clock =>
  file === undefined ? systemClock : followClock(file);
