import type { AddedLatency } from './added-latency.ts';
import type { LoadFigures } from './load/measure-load.ts';
import type { Machine } from './machine.ts';
import type { StartUp } from './start-up.ts';
import { table } from './table.ts';

type Named<T> = T & { name: string };

export interface Report {
  machine: Machine;
  load: Named<LoadFigures>[];
  addedLatency: Named<AddedLatency>[];
  startUp: StartUp[];
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
const milliseconds = (value: number): string => value.toFixed(value < 100 ? 2 : 0);
const ratio = (value: number, first: number | undefined): string =>
  first === undefined ? '' : `${(value / first).toFixed(2)}x`;

const loadTable = (figures: Report['load']): string => {
  const [first] = figures;
  const head = ['variant', 'conc.', 'req/s', 'ratio', 'p50 ms', 'p99 ms', 'CPU us/req', 'ratio'];
  return table(
    [...head, 'emulator us/req', 'RSS idle MB', 'RSS loaded MB', 'requests'],
    figures.map((figure) => [
      figure.name,
      String(figure.concurrency),
      figure.requestsPerSecond.toFixed(0),
      ratio(figure.requestsPerSecond, first?.requestsPerSecond),
      milliseconds(figure.p50),
      milliseconds(figure.p99),
      figure.cpuMicros.toFixed(0),
      ratio(figure.cpuMicros, first?.cpuMicros),
      figure.emulatorCpuMicros?.toFixed(0) ?? '-',
      megabytes(figure.idleRss),
      megabytes(figure.loadedRss),
      String(figure.requests),
    ]),
  );
};

const addedLatencyTable = (figures: Report['addedLatency']): string =>
  table(
    ['variant', 'conc.', 'SDK p50 ms', 'hub p50', 'added p50', 'SDK p99', 'hub p99', 'added p99'],
    figures.map(({ name, concurrency, direct, hub }) => [
      name,
      String(concurrency),
      milliseconds(direct.p50),
      milliseconds(hub.p50),
      milliseconds(hub.p50 - direct.p50),
      milliseconds(direct.p99),
      milliseconds(hub.p99),
      milliseconds(hub.p99 - direct.p99),
    ]),
  );

const startUpTable = (figures: Report['startUp']): string =>
  table(
    ['command', 'database', 'first answer ms', 'first invoice ms'],
    figures.map(({ name, database, firstAnswerMs, firstInvoiceMs }) => [
      `\`${name}\``,
      database,
      firstAnswerMs.toFixed(0),
      firstInvoiceMs.toFixed(0),
    ]),
  );

/** The report as Markdown. */
export const renderReport = ({ machine, load, addedLatency, startUp }: Report): string =>
  [
    `${machine.cores} cores, ${machine.system}, Node ${machine.node}, fdatasync ` +
      `${machine.fdatasyncMicros.toFixed(0)} us; the load generator runs on the same cores.`,
    '### Creating an invoice',
    loadTable(load),
    '### Latency that the hub adds to the provider',
    addedLatencyTable(addedLatency),
    '### From start to first answer',
    startUpTable(startUp),
  ].join('\n\n');
