import { basename, dirname } from 'node:path';

const command = (text, extra = {}) => ({
  executor: 'nx:run-commands',
  options: { command: text },
  cache: true,
  inputs: ['sources', '^sources', 'toolchain'],
  ...extra,
});

const targets = (root) => ({
  typecheck: command(`tsc -p ${root}`),
  lint: command(`oxlint --type-aware --deny-warnings ${root}`),
  test: command(`vitest run --passWithNoTests --project @quittance/${basename(root)}`),
  ...(root.startsWith('apps/') && {
    build: command(`node tools/workspace/src/bundle.ts ${root}`, {
      outputs: ['{projectRoot}/dist'],
    }),
  }),
});

/** Gives every workspace package the same targets, so that no package.json repeats them. */
export const createNodesV2 = [
  '{apps,libs,tools}/*/package.json',
  (files) =>
    files.map((file) => {
      const root = dirname(file);
      return [file, { projects: { [root]: { root, targets: targets(root) } } }];
    }),
];
