import { describe, expect, test } from 'vitest';
import { checkImports } from './check-imports.ts';
import { checkManifests } from './check-manifests.ts';
import { checkNotEmpty, manifestEdges } from './edges.ts';
import type { Workspace, WorkspacePackage } from './workspace.ts';

const packageAt = (folder: string, rest: Partial<WorkspacePackage> = {}): WorkspacePackage => ({
  folder,
  name: folder.replace(/^.*\//, '@our/'),
  exports: { '.': './src/index.ts' },
  dependencies: [],
  devDependencies: [],
  files: [],
  ...rest,
});

const others = [
  packageAt('apps/core', { exports: { './app': './src/app.ts' } }),
  packageAt('libs/contracts'),
  packageAt('libs/rpc'),
  packageAt('libs/runtime', {
    exports: { '.': './src/index.ts', './fake': './src/testing/fake.ts' },
  }),
  packageAt('libs/testing'),
  packageAt('tools/sandbox', { exports: { './app': './src/app.ts' } }),
];

const workspaceWith = (...packages: WorkspacePackage[]): Workspace => ({
  packages: [
    ...packages,
    ...others.filter(({ folder }) => packages.every((one) => one.folder !== folder)),
  ],
  rootDevDependencies: ['vitest'],
});

const bothKinds = ({ name }: WorkspacePackage): Partial<WorkspacePackage> => ({
  dependencies: others.map((one) => one.name).filter((one) => one !== name),
});

/** What is said about one import, in a package that declares every other one of ours. */
const importing = (
  folder: string,
  path: string,
  specifier: string,
  rest: Partial<WorkspacePackage> = {},
): string[] => {
  const bare = packageAt(folder);
  const one = { ...bare, ...bothKinds(bare), files: [{ path, imports: [specifier] }], ...rest };
  return checkImports(workspaceWith(one)).map((line) => line.replace(`${folder}/${path}: `, ''));
};

describe('an import', () => {
  const allowed = [
    ['apps/gateway', 'src/app.ts', '@our/contracts'],
    ['apps/gateway', 'src/app.ts', './routes/health.ts'],
    ['apps/gateway', 'src/routes/health.ts', '../app.ts'],
    ['apps/gateway', 'src/app.ts', 'node:http'],
    ['apps/gateway', 'src/app.test.ts', '@our/testing'],
    ['apps/gateway', 'src/core-under-test.ts', '@our/sandbox/app'],
    ['apps/gateway', 'src/testing/start.ts', 'vitest'],
    ['apps/gateway', 'src/app.test.ts', './core-under-test.ts'],
    ['libs/testing', 'src/index.ts', './provider-under-test.ts'],
    ['libs/contracts', 'src/index.ts', '@our/rpc'],
    ['libs/rpc', 'src/link.test.ts', '@our/runtime'],
    ['libs/rpc', 'src/link.ts', '@our/rpc'],
    ['tools/launcher', 'src/hub.ts', '@our/core/app'],
    ['tools/bench', 'src/main.ts', '@our/core/app'],
    ['tools/workspace', 'src/reporter.ts', 'vitest/node'],
  ] as const;
  test.for(allowed)('is allowed: %s/%s imports %s', ([folder, path, specifier]) => {
    expect(importing(folder, path, specifier)).toEqual([]);
  });

  const refused = [
    ['apps/gateway', 'src/app.ts', '@our/core/app', 'is not for apps/gateway to import'],
    ['apps/gateway', 'src/app.test.ts', '@our/core/app', 'is not for apps/gateway to import'],
    ['libs/contracts', 'src/index.ts', '@our/runtime', 'is for test code of libs/contracts only'],
    ['libs/contracts', 'src/index.ts', '@our/core/app', 'is not for libs/contracts to import'],
    ['libs/rpc', 'src/link.ts', '@our/contracts', 'is not for libs/rpc to import'],
    ['libs/rpc', 'src/link.ts', '@our/runtime', 'is for test code of libs/rpc only'],
    ['libs/runtime', 'src/log.test.ts', '@our/rpc', 'is not for libs/runtime to import'],
    ['apps/gateway', 'src/app.ts', '@our/testing', 'is for test code of apps/gateway only'],
    ['apps/gateway', 'src/app.ts', '@our/sandbox/app', 'is for test code of apps/gateway only'],
    ['tools/gate', 'src/main.ts', '@our/core/app', 'is not for tools/gate to import'],
    ['libs/unknown', 'src/index.ts', '@our/rpc', 'is not for libs/unknown to import'],
    ['apps/gateway', 'src/app.ts', 'hono', 'is not declared in package.json'],
    ['apps/gateway', 'src/app.test.ts', 'hono/html', 'is not declared in package.json'],
    ['apps/gateway', 'src/app.ts', 'vitest', 'is not declared in package.json'],
    ['apps/gateway', 'src/app.ts', 'fs', 'needs the prefix node:'],
    [
      'apps/gateway',
      'src/app.ts',
      '@our/contracts/src/money.ts',
      'is not exported by libs/contracts',
    ],
    ['apps/gateway', 'src/app.test.ts', '@our/sandbox', 'is not exported by tools/sandbox'],
    ['apps/gateway', 'src/app.ts', '@our/gateway/inside', 'is not exported by apps/gateway'],
    ['apps/gateway', 'src/app.ts', '@our/runtime/fake', 'is test code'],
    ['apps/gateway', 'src/app.ts', './core-under-test.ts', 'is test code'],
    ['apps/gateway', 'src/app.ts', '../../core/src/app.ts', 'leaves its package'],
    ['apps/gateway', 'src/a/b.ts', '../../../../libs/rpc/src/index.ts', 'leaves its package'],
    ['apps/gateway', 'src/app.ts', '/etc/passwd', 'leaves its package'],
  ] as const;
  test.for(refused)('is refused: %s/%s imports %s', ([folder, path, specifier, problem]) => {
    expect(importing(folder, path, specifier)).toEqual([`'${specifier}' ${problem}`]);
  });

  test('in production code needs more than a devDependency', () => {
    const rest = { dependencies: [], devDependencies: ['@our/rpc', 'hono'] };
    const problem = 'is in devDependencies, and this is production code';
    for (const specifier of ['hono/html', '@our/rpc']) {
      expect(importing('apps/gateway', 'src/app.ts', specifier, rest)).toEqual([
        `'${specifier}' ${problem}`,
      ]);
      expect(importing('apps/gateway', 'src/app.test.ts', specifier, rest)).toEqual([]);
    }
  });
});

describe('a package.json', () => {
  const checking = (folder: string, rest: Partial<WorkspacePackage>): string[] =>
    checkManifests(workspaceWith(packageAt(folder, rest)));

  test('may declare what its code imports', () => {
    const files = [
      { path: 'src/app.ts', imports: ['@our/rpc'] },
      { path: 'src/app.test.ts', imports: ['@our/testing'] },
    ];
    const rest = { dependencies: ['@our/rpc', 'hono'], devDependencies: ['@our/testing'], files };
    expect(checking('apps/gateway', rest)).toEqual([]);
  });

  test('may not declare one of ours that its code does not import', () => {
    const rest = { dependencies: ['@our/rpc'], devDependencies: ['@our/testing'] };
    expect(checking('apps/gateway', rest)).toEqual([
      'apps/gateway/package.json: depends on @our/rpc and never imports it',
      'apps/gateway/package.json: depends on @our/testing and never imports it',
    ]);
  });

  test('declares in devDependencies what only its tests import', () => {
    const files = [{ path: 'src/app.test.ts', imports: ['@our/testing'] }];
    expect(checking('apps/gateway', { dependencies: ['@our/testing'], files })).toEqual([
      'apps/gateway/package.json: @our/testing belongs in devDependencies',
    ]);
  });

  test('declares nothing twice', () => {
    const rest = { dependencies: ['hono'], devDependencies: ['hono'] };
    expect(checking('apps/gateway', rest)).toEqual([
      'apps/gateway/package.json: declares hono twice',
    ]);
  });

  test('is in a folder that a rule fits', () => {
    expect(checking('libs/unknown', {})).toEqual([
      'libs/unknown/package.json: no rule says what it may import',
    ]);
  });
});

describe('a graph', () => {
  test('that is empty is refused', () => {
    expect(checkNotEmpty({ packages: [], rootDevDependencies: [] })).toEqual([
      'only 0 packages were read',
      'only 0 files were read',
      'only 0 imports were read',
      'apps/gateway -> libs/contracts is missing',
      'tools/launcher -> apps/gateway is missing',
      'libs/contracts -> libs/rpc is missing',
    ]);
  });

  test('has the edges that the package.json files declare', () => {
    const gateway = packageAt('apps/gateway', {
      dependencies: ['@our/rpc', 'hono'],
      devDependencies: ['@our/testing'],
    });
    expect(manifestEdges(workspaceWith(gateway))).toEqual([
      'apps/gateway -> libs/rpc',
      'apps/gateway -> libs/testing',
    ]);
  });
});
