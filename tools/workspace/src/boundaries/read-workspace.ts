import { globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type JsonObject, objectOrEmpty, parseJsonObject } from './json-object.ts';
import { readImports } from './read-imports.ts';
import type { SourceFile, Workspace, WorkspacePackage } from './workspace.ts';

const readManifest = (file: string): JsonObject => parseJsonObject(readFileSync(file, 'utf8'));

const keysOf = (value: unknown): string[] => Object.keys(objectOrEmpty(value));

const readExports = (file: string, value: unknown): Record<string, string> => {
  if (value === undefined) throw new Error(`${file}: without "exports" everything is exported`);
  const exports: Record<string, string> = {};
  for (const [subpath, target] of Object.entries(objectOrEmpty(value))) {
    if (typeof target !== 'string') {
      throw new Error(`${file}: "exports" gives no single file for ${subpath}`);
    }
    exports[subpath] = target;
  }
  return exports;
};

const readFiles = (folder: string): SourceFile[] =>
  globSync('**/*.{ts,mts,tsx,js,mjs}', {
    cwd: folder,
    exclude: ['**/node_modules/**', '**/dist/**'],
  }).map((path) => {
    const file = join(folder, path);
    return {
      path: path.split(sep).join('/'),
      imports: readImports(file, readFileSync(file, 'utf8')),
    };
  });

const readPackage = (root: string, folder: string): WorkspacePackage => {
  const file = join(root, folder, 'package.json');
  const manifest = readManifest(file);
  if (typeof manifest['name'] !== 'string') throw new Error(`${file} has no name`);
  return {
    folder,
    name: manifest['name'],
    exports: readExports(file, manifest['exports']),
    dependencies: ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
      keysOf(manifest[kind]),
    ),
    devDependencies: keysOf(manifest['devDependencies']),
    files: readFiles(join(root, folder)),
  };
};

/** Reads every package of the npm workspace at `root`: its package.json and the imports of its sources. */
export const readWorkspace = (root: string): Workspace => {
  const manifest = readManifest(join(root, 'package.json'));
  const { workspaces } = manifest;
  const patterns: unknown[] = Array.isArray(workspaces) ? workspaces : [];
  const folders = patterns
    .flatMap((pattern) => globSync(`${String(pattern)}/package.json`, { cwd: root }))
    .map((file) => dirname(file).split(sep).join('/'));
  return {
    packages: folders.map((folder) => readPackage(root, folder)),
    rootDevDependencies: keysOf(manifest['devDependencies']),
  };
};
