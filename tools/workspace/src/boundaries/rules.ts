export interface Rule {
  /** A package's folder, or `apps/*` for all of them. The first rule that fits a package is its rule. */
  package: string;
  /** What its production code may import of ours. */
  imports: readonly string[];
  /** What its test code may import besides. */
  testsImport: readonly string[];
}

const libs = ['libs/contracts', 'libs/rpc', 'libs/runtime'];

/** Which package may import which. A package that no rule fits is a violation. */
export const rules: readonly Rule[] = [
  { package: 'libs/runtime', imports: [], testsImport: [] },
  { package: 'libs/rpc', imports: [], testsImport: ['libs/runtime'] },
  {
    package: 'libs/contracts',
    imports: ['libs/rpc'],
    testsImport: ['libs/runtime', 'libs/testing'],
  },
  { package: 'libs/testing', imports: libs, testsImport: ['tools/sandbox'] },
  { package: 'apps/*', imports: libs, testsImport: ['libs/testing', 'tools/sandbox'] },
  {
    package: 'tools/launcher',
    imports: [...libs, 'apps/*', 'tools/sandbox'],
    testsImport: ['libs/testing', 'tools/workspace'],
  },
  {
    package: 'tools/bench',
    imports: [...libs, 'apps/*', 'tools/sandbox', 'tools/launcher'],
    testsImport: ['libs/testing'],
  },
  { package: 'tools/workspace', imports: [], testsImport: [] },
  { package: 'tools/*', imports: libs, testsImport: ['libs/testing', 'tools/sandbox'] },
];

/** Files that only tests use, relative to their package; its production code may not import them. */
export const testCode = [/\.test\.ts$/, /-under-test\.ts$/, /(^|\/)testing\//];

/** The package that is for tests as a whole, whatever its files are called. */
export const testPackage = 'libs/testing';

/** The package that is the repository's own code: it uses the root's devDependencies, as all test code does. */
export const rootsOwnPackage = 'tools/workspace';

/** Edges that are there whatever else changes: a graph without them was not read. */
export const knownEdges = [
  ['apps/gateway', 'libs/contracts'],
  ['tools/launcher', 'apps/gateway'],
  ['libs/contracts', 'libs/rpc'],
] as const;

/** Fewer than these cannot be the whole repository. */
export const minimum = { packages: 10, files: 100, imports: 400 };
