import type { JobId } from './jobs.ts';

/** The job is no longer its holder's: removed, or taken over after the lease ran out. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';

  constructor({ kind, key }: JobId) {
    super(`The lease of job ${kind} ${key} is lost`);
  }
}
