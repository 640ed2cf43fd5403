import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkImports } from './boundaries/check-imports.ts';
import { checkManifests } from './boundaries/check-manifests.ts';
import { checkNotEmpty, manifestEdges } from './boundaries/edges.ts';
import { nxEdges } from './boundaries/nx-edges.ts';
import { readWorkspace } from './boundaries/read-workspace.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the packages of this repository', () => {
  const workspace = readWorkspace(root);

  test('are all read', () => {
    expect(checkNotEmpty(workspace)).toEqual([]);
  });

  test('import only what they may', () => {
    expect(checkImports(workspace)).toEqual([]);
  });

  test('declare what they import of ours, and nothing else of ours', () => {
    expect(checkManifests(workspace)).toEqual([]);
  });

  test('depend on each other in Nx as they do in npm', { timeout: 30_000 }, async () => {
    expect(await nxEdges(root)).toEqual(manifestEdges(workspace));
  });
});
