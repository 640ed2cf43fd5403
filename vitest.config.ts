import { defineConfig } from 'vitest/config';

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default defineConfig({
  test: {
    // Tests mostly wait, for processes and for time to pass.
    maxWorkers: '100%',
    projects: ['apps/*', 'libs/*', 'tools/*'],
    reporters: ['default', './tools/workspace/src/summary-reporter.ts'],
  },
});
