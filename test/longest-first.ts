/** The order of test files: those that take long come first, so that no core is without work in the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds each, the longest first. Vitest remembers how long files took, but not in a fresh clone. */
const LONG = [
  ...[
    'docs/code',
    'docs/exchange',
    'package/bundled',
    'cli/resume',
    'page/mishaps',
    'page/browser',
    'package/browser',
  ],
  ...[
    'training/threads',
    'training/worker-faults',
    'kernels/long-sums',
    'kernels/plain',
    'training/pool-web',
  ],
  ...['properties/library', 'experiment/study', 'cli/exits', 'cli/transfer', 'cli/saved-model', 'cli/study'],
  ...['fuzz/fuzz', 'training/long-use', 'training/extending'],
  ...['gradcheck/suite', 'golden/golden', 'mutants/library', 'parity/applications', 'kernels/simd/simd'],
  ...['properties/training', 'kernels/simd/long-sums'],
].map((name) => `/test/${name}.test.ts`);

/** The shared ones last: they have many short files, which fill what time is left on a core. */
const PROJECTS = ['alone', 'uncounted', 'shared'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.endsWith(path));
      return at < 0 ? LONG.length : at;
    };
    const sorted = await super.sort(files);
    // A project's files stay together: they share processes.
    const place = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name);
    return sorted.toSorted((a, b) => place(a) - place(b) || rank(a) - rank(b));
  }
}
