import type { Effort } from '../options.ts';
import { cpuMicros, rssBytes } from '../processes/usage.ts';
import { median, quantile } from '../statistics.ts';
import type { Subject } from '../subjects/subject.ts';
import { load, type LoadResult } from './load.ts';
import { warmedUp } from './paced.ts';
import { untilQuiet } from './quiet.ts';

export interface LoadFigures {
  concurrency: number;
  requests: number;
  requestsPerSecond: number;
  p50: number;
  p99: number;
  cpuMicros: number;
  /** Undefined where the emulator has no part in it, or shares the subject's process. */
  emulatorCpuMicros: number | undefined;
  idleRss: number;
  loadedRss: number;
}

const rssEveryMs = 100;

interface Round extends LoadResult {
  cpu: number;
  emulatorCpu: number;
}

/** Loads a subject for some rounds. The percentiles are of all rounds together, the rest their median. */
export const measureLoad = async (
  { request, pids, emulatorPids }: Subject,
  { concurrency, effort }: { concurrency: number; effort: Effort },
): Promise<LoadFigures> => {
  const everybody = [...pids, ...emulatorPids];
  await untilQuiet(everybody);
  const idleRss = rssBytes(pids);
  let loadedRss = idleRss;
  const sampling = setInterval(() => {
    loadedRss = Math.max(loadedRss, rssBytes(pids));
  }, rssEveryMs);

  const rounds: Round[] = [];
  try {
    const round = await warmedUp((size) => load(request, size), { concurrency, effort });
    for (let count = 0; count < effort.rounds; count += 1) {
      await untilQuiet(everybody);
      const [before, emulatorBefore] = [cpuMicros(pids), cpuMicros(emulatorPids)];
      const result = await round();
      await untilQuiet(everybody);
      rounds.push({
        ...result,
        cpu: (cpuMicros(pids) - before) / result.requests,
        emulatorCpu: (cpuMicros(emulatorPids) - emulatorBefore) / result.requests,
      });
    }
  } finally {
    clearInterval(sampling);
  }

  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    concurrency,
    requests: latencies.length,
    requestsPerSecond: median(rounds.map((round) => round.requestsPerSecond)),
    p50: median(latencies),
    p99: quantile(latencies, 0.99),
    cpuMicros: median(rounds.map(({ cpu }) => cpu)),
    emulatorCpuMicros:
      emulatorPids.length === 0 ? undefined : median(rounds.map(({ emulatorCpu }) => emulatorCpu)),
    idleRss,
    loadedRss,
  };
};
