import { parseArgs } from 'node:util';
import type { Layout } from './subjects/hub.ts';

/** How long to measure. */
export interface Effort {
  warmUpSeconds: number;
  roundSeconds: number;
  rounds: number;
  /** Starts of the hub for each start-up figure. */
  starts: number;
  emulatorLatencies: readonly number[];
  layouts: readonly Layout[];
  /** How many requests are under way at once: many for the rate, one for the latency without a queue. */
  concurrencies: readonly number[];
}

const full: Effort = {
  warmUpSeconds: 4,
  roundSeconds: 4,
  rounds: 3,
  starts: 5,
  emulatorLatencies: [0, 100],
  layouts: ['one process', 'services'],
  concurrencies: [32, 1],
};

const quick: Effort = {
  warmUpSeconds: 0.1,
  roundSeconds: 0.1,
  rounds: 1,
  starts: 1,
  emulatorLatencies: [0],
  layouts: ['one process'],
  concurrencies: [32],
};

export interface Options {
  effort: Effort;
  quick: boolean;
  /** Measure lists of invoices instead of creating them. */
  lists: boolean;
  jsonFile: string | undefined;
}

/** @throws when an option is not known */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      lists: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  return {
    effort: values.quick ? quick : full,
    quick: values.quick,
    lists: values.lists,
    jsonFile: values.json,
  };
};
