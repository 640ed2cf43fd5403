import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What every target's result depends on, besides the sources of its package and of those that it depends on. */
const always = [
  'sources',
  '^sources',
  '{workspaceRoot}/package-lock.json',
  '{workspaceRoot}/tsconfig.base.json',
  '{workspaceRoot}/tools/workspace/nx-plugin.mjs',
];

/**
 * @param {string} text
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs
 */
const command = (text, inputs = [], outputs = []) => ({
  executor: 'nx:run-commands',
  options: { command: text },
  cache: true,
  inputs: [...always, ...inputs],
  outputs: [...outputs],
});

/**
 * @param {string} root a package's folder
 * @param {boolean} isProgram whether it is one that can be started
 */
const targets = (root, isProgram) => ({
  typecheck: command(`tsc -p ${root}`),
  lint: command(`oxlint --type-aware --deny-warnings ${root}`, ['{workspaceRoot}/.oxlintrc.json']),
  test: command(`vitest run --passWithNoTests --project @quittance/${basename(root)}`, [
    'testTools',
    ...(root === 'tools/workspace' ? ['everySource'] : []),
  ]),
  ...(isProgram && {
    build: command(
      `node tools/workspace/src/bundle.ts ${root}`,
      ['buildTools'],
      ['{projectRoot}/dist'],
    ),
  }),
});

/**
 * Gives every workspace package the same targets, so that no package.json repeats them.
 * @type {import('nx/src/devkit-exports').CreateNodesV2}
 */
export const createNodesV2 = [
  '{apps,libs,tools}/*/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => {
      const root = dirname(file);
      const isProgram = existsSync(join(workspaceRoot, root, 'src/main.ts'));
      return [file, { projects: { [root]: { root, targets: targets(root, isProgram) } } }];
    }),
];
