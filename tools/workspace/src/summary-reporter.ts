import type { Reporter, TestModule } from 'vitest/node';

/** Prints one line at the very end of a run, in a form any CI can read: `N passed, N failed, N skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
      }
      if (module.errors().length > 0) counts.failed += 1;
    }
    process.on('exit', () => {
      console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    });
  }
}

// oxlint-disable-next-line import/no-default-export -- vitest loads a reporter by its default export
export default SummaryReporter;
