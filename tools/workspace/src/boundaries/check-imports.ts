import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type Rule, rootsOwnPackage, rules, testCode, testPackage } from './rules.ts';
import type { SourceFile, Workspace, WorkspacePackage } from './workspace.ts';

export const isTestCode = (path: string): boolean => testCode.some((pattern) => pattern.test(path));

const fits = (pattern: string, folder: string): boolean =>
  pattern === folder ||
  (pattern.endsWith('/*') && pattern.slice(0, -1) === `${posix.dirname(folder)}/`);

export const ruleOf = (folder: string): Rule | undefined =>
  rules.find((rule) => fits(rule.package, folder));

/** The package that a bare specifier names: `hono` of `hono/html`, `@trpc/server` of `@trpc/server/rpc`. */
export const packageNameOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

export const isBare = (specifier: string): boolean =>
  !specifier.startsWith('.') && !specifier.startsWith('/') && !specifier.startsWith('node:');

const relativeProblem = (
  { folder }: WorkspacePackage,
  file: SourceFile,
  specifier: string,
): string | undefined => {
  const target = posix.join(posix.dirname(file.path), specifier);
  if (specifier.startsWith('/') || target.startsWith('..')) return 'leaves its package';
  if (folder === testPackage || isTestCode(file.path)) return undefined;
  return isTestCode(target) ? 'is test code' : undefined;
};

const declarationProblem = (
  { rootDevDependencies }: Workspace,
  owner: WorkspacePackage,
  file: SourceFile,
  name: string,
): string | undefined => {
  if (owner.dependencies.includes(name)) return undefined;
  const forTests = isTestCode(file.path);
  if (forTests && owner.devDependencies.includes(name)) return undefined;
  if ((forTests || owner.folder === rootsOwnPackage) && rootDevDependencies.includes(name)) {
    return undefined;
  }
  return owner.devDependencies.includes(name)
    ? 'is in devDependencies, and this is production code'
    : 'is not declared in package.json';
};

const layerProblem = (
  owner: WorkspacePackage,
  file: SourceFile,
  target: WorkspacePackage,
): string | undefined => {
  const rule = ruleOf(owner.folder);
  const allows = (patterns: readonly string[] = []): boolean =>
    patterns.some((pattern) => fits(pattern, target.folder));
  if (allows(rule?.imports)) return undefined;
  if (!allows(rule?.testsImport)) return `is not for ${owner.folder} to import`;
  return isTestCode(file.path) ? undefined : `is for test code of ${owner.folder} only`;
};

const exportsProblem = (
  file: SourceFile,
  target: WorkspacePackage,
  specifier: string,
): string | undefined => {
  const exported = target.exports[`.${specifier.slice(target.name.length)}`];
  if (exported === undefined) return `is not exported by ${target.folder}`;
  if (isTestCode(exported) && !isTestCode(file.path)) return 'is test code';
  return undefined;
};

const bareProblem = (
  workspace: Workspace,
  owner: WorkspacePackage,
  file: SourceFile,
  specifier: string,
): string | undefined => {
  const name = packageNameOf(specifier);
  if (isBuiltin(name)) return 'needs the prefix node:';
  const target = workspace.packages.find((one) => one.name === name);
  if (target === owner) return exportsProblem(file, owner, specifier);
  const undeclared = declarationProblem(workspace, owner, file, name);
  if (!target) return undeclared;
  return layerProblem(owner, file, target) ?? undeclared ?? exportsProblem(file, target, specifier);
};

/** Every import that breaks a rule, one line each. */
export const checkImports = (workspace: Workspace): string[] =>
  workspace.packages.flatMap((owner) =>
    owner.files.flatMap((file) =>
      file.imports.flatMap((specifier) => {
        if (specifier.startsWith('node:')) return [];
        const problem = isBare(specifier)
          ? bareProblem(workspace, owner, file, specifier)
          : relativeProblem(owner, file, specifier);
        return problem === undefined
          ? []
          : [`${owner.folder}/${file.path}: '${specifier}' ${problem}`];
      }),
    ),
  );
