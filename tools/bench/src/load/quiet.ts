import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicros } from '../processes/usage.ts';

const sampleMs = 150;
const quietMicros = 10_000;
const maxSamples = 100;

/** Waits until what a load left behind (webhooks, garbage) is done, so that it counts for that load. */
export const untilQuiet = async (pids: readonly number[]): Promise<void> => {
  let before = cpuMicros(pids);
  for (let sample = 0; sample < maxSamples; sample += 1) {
    await sleep(sampleMs);
    const now = cpuMicros(pids);
    if (now - before <= quietMicros) return;
    before = now;
  }
};
