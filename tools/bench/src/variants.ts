import { measureAddedLatency, type AddedLatency } from './added-latency.ts';
import { measureLoad, type LoadFigures } from './load/measure-load.ts';
import type { Effort } from './options.ts';
import { startBaseline } from './subjects/baseline.ts';
import { startEmulatorAlone } from './subjects/emulator.ts';
import { startHub, startWholeHub } from './subjects/hub.ts';
import type { Subject } from './subjects/subject.ts';
import type { Workspace } from './subjects/workspace.ts';

/** One thing to measure, in fresh processes of its own. */
export interface Variant<T> {
  name: string;
  measure: (workspace: Workspace) => Promise<T[]>;
}

const crowd = 32;

const loadVariant = (
  name: string,
  start: (workspace: Workspace) => Promise<Subject>,
  { effort, concurrencies = [crowd] }: { effort: Effort; concurrencies?: readonly number[] },
): Variant<LoadFigures> => ({
  name,
  measure: async (workspace) => {
    const subject = await start(workspace);
    const figures: LoadFigures[] = [];
    for (const concurrency of concurrencies) {
      figures.push(await measureLoad(subject, { concurrency, effort }));
    }
    return figures;
  },
});

const hubVariants = ({ layouts, emulatorLatencies }: Effort) =>
  layouts.flatMap((layout) =>
    emulatorLatencies.map((latencyMs) => ({
      name: `hub, ${layout}, emulator ${latencyMs} ms`,
      start: (workspace: Workspace) => startHub(workspace, { layout, latencyMs }),
    })),
  );

/** The first is what all others are compared with. */
export const loadVariants = (effort: Effort): Variant<LoadFigures>[] => {
  const { concurrencies } = effort;
  const startWithWebhooks = (workspace: Workspace) =>
    startHub(workspace, { layout: 'one process', latencyMs: 0, webhooks: true });
  return [
    loadVariant('baseline: Hono + zod + 2 durable transactions', startBaseline, { effort }),
    loadVariant('emulator alone: PaymentIntent create', startEmulatorAlone, { effort }),
    loadVariant('hub as `npm start` runs it, emulator within', startWholeHub, {
      effort,
      concurrencies,
    }),
    ...hubVariants(effort).map(({ name, start }) =>
      loadVariant(name, start, { effort, concurrencies }),
    ),
    loadVariant('hub, one process, emulator 0 ms with webhooks', startWithWebhooks, { effort }),
  ];
};

export const latencyVariants = (effort: Effort): Variant<AddedLatency>[] =>
  hubVariants(effort).map(({ name, start }) => ({
    name,
    measure: async (workspace) => {
      const subject = await start(workspace);
      const figures: AddedLatency[] = [];
      for (const concurrency of effort.concurrencies) {
        figures.push(await measureAddedLatency(subject, { concurrency, effort }));
      }
      return figures;
    },
  }));
