import type { Clock } from '@quittance/runtime';
import type { BitsbyConfig } from './config.ts';
import type { Connection } from './connection.ts';
import type { Timing } from './timing.ts';

export interface BitsbyDeps {
  bitsby: Connection;
  config: BitsbyConfig;
  clock: Clock;
  timing: Timing;
}
