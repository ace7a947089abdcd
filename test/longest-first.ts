/** The order of test files: those that take long come first, so that no core is without work in the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Seconds each, the longest first. Those that wait, for a browser or for what they started, stand apart from one another, with such as
 * calculate between them: together they would leave cores without work. Vitest remembers how long files took, but not in a fresh clone.
 */
const LONG = [
  ...['page/mishaps', 'docs/code', 'package/bundled'],
  ...['cli/resume', 'formats/odd-values', 'package/browser'],
  ...['page/browser', 'kernels/long-sums', 'kernels/plain'],
  ...['docs/exchange', 'report/errors-pt', 'experiment/study'],
  ...['training/threads', 'cli/transfer', 'cli/saved-model'],
  ...['cli/exits', 'cli/study', 'page/training', 'training/pool-web', 'parity/keras-operations'],
  ...['training/worker-faults', 'training/lent-threads', 'cli/features', 'package/pack', 'docs/extending'],
  ...['training/early-ends', 'experiment/finetune', 'report/html/browser', 'kernels/simd/winograd-together'],
  ...['fuzz/fuzz', 'training/long-use', 'training/extending'],
  ...['mutants/library', 'golden/golden', 'parity/applications', 'kernels/simd/simd', 'gradcheck/suite'],
  ...['properties/library', 'mutants/others', 'kernels/simd/long-sums', 'properties/training'],
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
