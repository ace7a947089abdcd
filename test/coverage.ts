/** V8's coverage, but not of the test files that vitest.config.ts names as uncounted, in whose processes no counter runs. */
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';

const isCounted = process.env.UNCOUNTED === undefined;

const module: CoverageProviderModule = {
  ...v8,
  startCoverage: (options) => (isCounted ? v8.startCoverage?.(options) : undefined),
  takeCoverage: (options) => (isCounted ? v8.takeCoverage?.(options) : undefined),
  stopCoverage: (options) => (isCounted ? v8.stopCoverage?.(options) : undefined),
};
export default module;
