import type { DemoCredentials } from './demo-credentials.ts';

export interface RunningHub {
  gatewayUrl: string;
  /** Where the emulators answer; undefined when every provider is real. */
  sandboxUrl: string | undefined;
  /** Undefined when the hub is not a sandbox, or has accounts of its own. */
  demo: DemoCredentials | undefined;
  /** Finishes what is under way and stops everything. */
  close: () => Promise<void>;
}
