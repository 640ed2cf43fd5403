import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Native packages: they cannot be bundled, so a deployment installs them next to the bundle. */
export const nativePackages = ['better-sqlite3'];

const nodeCheck = fileURLToPath(new URL('../require-node.mjs', import.meta.url));

/** Bundled CommonJS calls `require` for Node's own modules, and an ES module has none. */
const requireBanner = [
  `import { createRequire as createRequireOfBundle } from 'node:module';`,
  `const require = createRequireOfBundle(import.meta.url);`,
].join('\n');

/**
 * Bundles a package's `src/main.ts` into plain JavaScript: `main.mjs`, which is what to start, and `program.mjs`
 * beside it. They are two because static imports run, and can crash an old Node, before any statement of their module.
 * @returns the path of `main.mjs`
 */
export const bundlePackage = async (folder: string, outDir: string): Promise<string> => {
  await mkdir(outDir, { recursive: true });
  await build({
    entryPoints: { program: join(folder, 'src/main.ts') },
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.18',
    external: nativePackages,
    banner: { js: requireBanner },
    sourcemap: true,
    logLevel: 'warning',
  });
  const main = join(outDir, 'main.mjs');
  const check = await readFile(nodeCheck, 'utf8');
  await writeFile(main, `${check}\nawait import('./program.mjs');\n`);
  return main;
};
