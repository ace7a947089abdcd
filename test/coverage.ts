/**
 * V8's coverage, but not of the test files that vitest.config.ts names as uncounted, in whose processes no counter runs. Only what is
 * said of `src/` leaves a test's process, and where files share one, once for all of them: to ask after each, and to put hundreds of
 * answers together, costs more than most files' tests. All projects are counted as one, or else each would read the sources again for
 * its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';

const isCounted = process.env.UNCOUNTED === undefined;
const SOURCES = new URL('../src/', import.meta.url).href;

/** Milliseconds that a process may take to tell, once it has run its last file. */
const PATIENCE = 60_000;

/** As much as is used here of what vitest keeps of a test's process. */
interface Worker {
  readonly rpc: { onAfterSuiteRun(meta: object): unknown };
  readonly environment: { readonly name: string; readonly viteEnvironment?: string };
  /** Calls it before the process ends. */
  onCleanup(listener: () => unknown): void;
}

/** What a test's process hands over: after its first file only that it will tell. */
interface Told {
  readonly result: readonly object[];
  readonly process?: number;
  readonly isLast?: boolean;
}

type Options = Parameters<NonNullable<CoverageProviderModule['takeCoverage']>>[0];

/** In a test's process: whether files share it, and whether it has said that it will tell. */
let isShared = false;
let willTell = false;

async function take(options: Options): Promise<Told> {
  const taken = await v8.takeCoverage?.(options);
  // As the protocol of V8's inspector has it.
  const { result } = taken as { result: { url: string }[] };
  return { result: result.filter(({ url }) => url.startsWith(SOURCES)) };
}

function tellAtEnd(options: Options): Told {
  willTell = true;
  const worker: Worker = Reflect.get(globalThis, '__vitest_worker__');
  worker.onCleanup(async () => {
    const { rpc, environment } = worker;
    const coverage: Told = { ...(await take(options)), process: process.pid, isLast: true };
    // Nobody answers a process that is about to end.
    void rpc.onAfterSuiteRun({
      ...{ coverage, testFiles: [`process ${process.pid}`], projectName: 'shared' },
      environment: environment.viteEnvironment ?? environment.name,
    });
  });
  return { result: [], process: process.pid };
}

const module: CoverageProviderModule = {
  ...v8,
  startCoverage(options) {
    isShared = options.isolate === false;
    return isCounted ? v8.startCoverage?.(options) : undefined;
  },
  async takeCoverage(options) {
    if (!isCounted || willTell) return undefined;
    return isShared ? tellAtEnd(options) : take(options);
  },
  stopCoverage: (options) => (isCounted ? v8.stopCoverage?.(options) : undefined),
  async getProvider() {
    const provider = await v8.getProvider();
    const { onAfterSuiteRun, generateCoverage } = provider;
    /** Processes that haven't told yet. */
    const waited = new Set<number>();
    provider.onAfterSuiteRun = (meta) => {
      const { process, isLast } = meta.coverage as Told;
      if (process !== undefined && !isLast) waited.add(process);
      else onAfterSuiteRun.call(provider, { ...meta, projectName: 'shared' });
      if (isLast) waited.delete(process as number);
    };
    provider.generateCoverage = async (context) => {
      for (const end = Date.now() + PATIENCE; waited.size > 0 && Date.now() < end; ) await sleep(20);
      if (waited.size > 0) console.error(`coverage: not told by process ${[...waited].join(', ')}`);
      return generateCoverage.call(provider, context);
    };
    return provider;
  },
};
export default module;
