/**
 * V8's coverage, but not of the test files that vitest.config.ts names as uncounted, in whose processes no counter runs. Only what is
 * said of `src/` leaves a test's process; and all projects are counted as one, or else each would read the sources again for its own.
 */
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';

const isCounted = process.env.UNCOUNTED === undefined;
const SOURCES = new URL('../src/', import.meta.url).href;

const module: CoverageProviderModule = {
  ...v8,
  startCoverage: (options) => (isCounted ? v8.startCoverage?.(options) : undefined),
  async takeCoverage(options) {
    if (!isCounted) return undefined;
    const taken = await v8.takeCoverage?.(options);
    // As the protocol of V8's inspector has it.
    const { result } = taken as { result: { url: string }[] };
    return { result: result.filter(({ url }) => url.startsWith(SOURCES)) };
  },
  stopCoverage: (options) => (isCounted ? v8.stopCoverage?.(options) : undefined),
  async getProvider() {
    const provider = await v8.getProvider();
    const { onAfterSuiteRun } = provider;
    provider.onAfterSuiteRun = (meta) => onAfterSuiteRun.call(provider, { ...meta, projectName: 'shared' });
    return provider;
  },
};
export default module;
