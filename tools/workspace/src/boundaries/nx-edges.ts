import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { objectOrEmpty, parseJsonObject } from './json-object.ts';

const nx = createRequire(import.meta.url).resolve('nx');

const readGraph = async (root: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'nx-graph-'));
  try {
    const file = join(folder, 'graph.json');
    await promisify(execFile)(process.execPath, [nx, 'graph', `--file=${file}`], { cwd: root });
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** The edges between our packages as Nx sees them, which decide what it runs again: `apps/gateway -> libs/rpc`. */
export const nxEdges = async (root: string): Promise<string[]> => {
  const graph = objectOrEmpty(parseJsonObject(await readGraph(root))['graph']);
  const nodes = objectOrEmpty(graph['nodes']);
  const folderOf = (name: string): string =>
    String(objectOrEmpty(objectOrEmpty(nodes[name])['data'])['root']);
  return Object.entries(objectOrEmpty(graph['dependencies']))
    .flatMap(([source, targets]) =>
      (Array.isArray(targets) ? targets : []).map(
        (target) => `${folderOf(source)} -> ${folderOf(String(objectOrEmpty(target)['target']))}`,
      ),
    )
    .toSorted();
};
