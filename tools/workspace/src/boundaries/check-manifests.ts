import { isBare, isTestCode, packageNameOf, ruleOf } from './check-imports.ts';
import type { Workspace, WorkspacePackage } from './workspace.ts';

const namesImported = ({ files }: WorkspacePackage, kind: 'production' | 'any'): Set<string> =>
  new Set(
    files
      .filter(({ path }) => kind === 'any' || !isTestCode(path))
      .flatMap(({ imports }) => imports.filter(isBare).map(packageNameOf)),
  );

const problemsOf = (one: WorkspacePackage, ours: ReadonlySet<string>): string[] => {
  const production = namesImported(one, 'production');
  const any = namesImported(one, 'any');
  const problems: string[] = [];
  if (!ruleOf(one.folder)) problems.push('no rule says what it may import');
  for (const name of one.dependencies) {
    if (!ours.has(name)) continue;
    if (!any.has(name)) problems.push(`depends on ${name} and never imports it`);
    else if (!production.has(name)) problems.push(`${name} belongs in devDependencies`);
  }
  for (const name of one.devDependencies) {
    if (one.dependencies.includes(name)) problems.push(`declares ${name} twice`);
    if (ours.has(name) && !any.has(name)) problems.push(`depends on ${name} and never imports it`);
  }
  return problems;
};

/** Every package without a rule, and every dependency on one of ours that is unused or in the wrong place. */
export const checkManifests = ({ packages }: Workspace): string[] => {
  const ours = new Set(packages.map(({ name }) => name));
  return packages.flatMap((one) =>
    problemsOf(one, ours).map((problem) => `${one.folder}/package.json: ${problem}`),
  );
};
