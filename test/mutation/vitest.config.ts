/** The project's own tests, with changes in the sources: those that `tests.mjs`, in whose process this is read, asks for. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from '../../vitest.config.ts';

/** The characters from ≤ i < to of a file are replaced by the text. */
interface Change {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Wanted {
  readonly changes: readonly Change[];
  /** Whether each test file tells which counted places it reached. */
  readonly measures: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = (globalThis as { degeloMutation?: Wanted }).degeloMutation ?? { changes: [], measures: false };

class AsGiven extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

/** The text with some places replaced, the last first, so that the others' stay where they are. */
function changed(code: string, file: string): string {
  return wanted.changes
    .filter((change) => change.file === file)
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), code);
}

export default mergeConfig(
  base,
  defineConfig({
    root,
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        transform: (code, id) => (id.startsWith(`${root}src/`) ? changed(code, id.slice(root.length)) : null),
      },
    ],
    test: {
      maxWorkers: 1,
      sequence: { sequencer: AsGiven },
      setupFiles: wanted.measures ? ['test/mutation/reached.ts'] : [],
    },
  }),
);
