import { createLane } from './lane.ts';
import type { JobHandlers, JobWorker, KindOf, Payloads } from './jobs.ts';
import type { RunDeps } from './run-job.ts';

const kindsOf = <P extends Payloads>(handlers: JobHandlers<P>): KindOf<P>[] =>
  Object.keys(handlers).filter((kind): kind is KindOf<P> => Object.hasOwn(handlers, kind));

export const createJobWorker = <P extends Payloads>(
  deps: RunDeps,
  handlers: JobHandlers<P>,
): JobWorker => {
  const { store, log } = deps;
  const lanes = kindsOf(handlers).map((kind) => createLane(deps, kind, handlers[kind]));
  const known = new Set<string>(lanes.map(({ kind }) => kind));

  /** From kind to kind by the index, however many jobs each has. */
  const nextKind = async (after: string): Promise<string | undefined> => {
    const row = await store.read
      .selectFrom('jobs')
      .select('kind')
      .where('kind', '>', after)
      .orderBy('kind')
      .limit(1)
      .executeTakeFirst();
    return row?.kind;
  };

  const reportUnhandled = async (): Promise<void> => {
    let kind = await nextKind('');
    while (kind !== undefined) {
      if (!known.has(kind)) {
        known.add(kind);
        log.error({ job: kind }, 'jobs of a kind that nobody here handles are left waiting');
      }
      kind = await nextKind(kind);
    }
  };

  return {
    lanes,
    reportUnhandled,
    work: async () => {
      await reportUnhandled();
      await Promise.all(lanes.map((lane) => lane.work()));
    },
    nextRunAt: async () => {
      const times = await Promise.all(lanes.map((lane) => lane.nextRunAt()));
      const due = times.filter((time) => time !== null);
      return due.length === 0 ? null : Math.min(...due);
    },
  };
};
