import { knownEdges, minimum } from './rules.ts';
import type { Workspace } from './workspace.ts';

/** `apps/gateway -> libs/rpc`: which package declares which other one of ours. */
export const manifestEdges = ({ packages }: Workspace): string[] => {
  const folderOf = new Map(packages.map(({ name, folder }) => [name, folder]));
  return packages
    .flatMap(({ folder, dependencies, devDependencies }) =>
      [...dependencies, ...devDependencies].flatMap((name) => {
        const target = folderOf.get(name);
        return target === undefined ? [] : [`${folder} -> ${target}`];
      }),
    )
    .toSorted();
};

/** What is missing for this to be the whole repository: tools that lose their parser report an empty graph, and pass. */
export const checkNotEmpty = (workspace: Workspace): string[] => {
  const files = workspace.packages.flatMap((one) => one.files);
  const counts = {
    packages: workspace.packages.length,
    files: files.length,
    imports: files.flatMap(({ imports }) => imports).length,
  };
  const edges = manifestEdges(workspace);
  return [
    ...(['packages', 'files', 'imports'] as const)
      .filter((kind) => counts[kind] < minimum[kind])
      .map((kind) => `only ${counts[kind]} ${kind} were read`),
    ...knownEdges
      .map(([from, to]) => `${from} -> ${to}`)
      .filter((edge) => !edges.includes(edge))
      .map((edge) => `${edge} is missing`),
  ];
};
