import { defineConfig } from 'vitest/config';

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default defineConfig({
  test: {
    projects: ['apps/*', 'libs/*', 'tools/*'],
    reporters: ['default', './tools/workspace/src/summary-reporter.ts'],
  },
});
