import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchLists } from './lists/bench-lists.ts';
import { describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { type Report, renderReport } from './report.ts';
import { measureStartUps } from './start-up.ts';
import { withWorkspace } from './subjects/workspace.ts';
import { latencyVariants, loadVariants, type Variant } from './variants.ts';

const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const measureAll = async <T>(
  folder: string,
  variants: readonly Variant<T>[],
): Promise<(T & { name: string })[]> => {
  const all: (T & { name: string })[] = [];
  for (const { name, measure } of variants) {
    progress(name);
    const figures = await withWorkspace(folder, measure);
    all.push(...figures.map((figure) => ({ ...figure, name })));
  }
  return all;
};

const { effort, quick, lists, jsonFile } = readOptions(process.argv.slice(2));
if (platform() !== 'linux') {
  console.error('The benchmark reads CPU time and memory from /proc, so it runs on Linux only.');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'quittance-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1));
}

if (lists) process.exit(await benchLists(folder, { quick, progress }));

const machine = describeMachine(folder);
const load = await measureAll(folder, loadVariants(effort));
progress('added latency');
const addedLatency = await measureAll(folder, latencyVariants(effort));
progress('start-up');
const startUp = await measureStartUps(folder, effort.starts);

const report: Report = { machine, load, addedLatency, startUp };
console.log(renderReport(report));
if (quick)
  console.log('\nA quick run only shows that the benchmark works; its figures mean nothing.');
if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
