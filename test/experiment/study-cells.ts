/** Cells of a study that nobody trained: figures that follow from the index. */

import type { Found } from '../../src/experiment/cells.ts';
import type { CellRecord } from '../../src/experiment/study.ts';
import { byCondition } from '../../src/experiment/study-conditions.ts';
import { cellCount, type Study } from '../../src/experiment/study-grid.ts';
import { VERSION } from '../../src/formats/version.ts';

export const STUDY: Study = {
  version: VERSION,
  data: { sha256: 'ab'.repeat(32) },
  kernel: 'strict',
  epochs: 1,
  batch_size: 16,
  source_classes: [5, 6, 7, 8, 9],
  target_classes: [0, 1, 2, 3, 4],
  directions: ['forward', 'reverse'],
  learning_rates: [1, 0.1],
  seeds: 2,
  samples: ['all', 3],
};

export function cellOf(study: Study, index: number): CellRecord {
  const group = Math.floor(index / study.samples.length);
  return {
    study,
    index,
    figures: {
      samples: 60,
      epochs: 1,
      steps: 4,
      source: { accuracy: group / 100, weights_sha256: `source of group ${group}` },
      conditions: byCondition((name) => ({
        test: { loss: 0.1 * index + name.length / 7, accuracy: 1 / (1 + index) },
        first_epoch_accuracy: 1 / (2 + index),
        weights_sha256: `${name} of cell ${index}`,
      })),
    },
    origin: {
      engine: `engine ${index % 3}`,
      kernel: 'simd',
      threads: 1,
      seconds: { source: index, conditions: byCondition(() => 0.5) },
    },
  };
}

/** All cells of a study, as if found in one folder. */
export function cellsOf(study: Study, folder = 'a'): Found<CellRecord>[] {
  return Array.from({ length: cellCount(study) }, (_, index) => ({
    file: `${folder}/${index}`,
    content: cellOf(study, index),
  }));
}
