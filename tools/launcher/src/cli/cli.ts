import type { Environment } from '@quittance/runtime';

/** What commands have of the world around them. */
export interface Cli {
  env: Environment;
  /** A line of what was asked for, to standard output. */
  say: (line: string) => void;
  /** A line about how it goes, to standard error, so that output can be piped on. */
  note: (line: string) => void;
}
