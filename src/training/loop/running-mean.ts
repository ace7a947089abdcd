/**
 * Running figures of an epoch. The loss of a batch is the mean over its samples, in order; an epoch's loss
 * weights the batches by their sizes. The penalties of regularizers are added to each batch's. Metrics gather what each sample gives, in order (Keras' rule for both).
 */
import type { RunningSums } from '../../formats/checkpoint.ts';
import { gather, labelOf, type Metric, resultOf, stateSizeOf, widthOf } from '../../metrics/metric.ts';
import type { Figures, Logs } from '../callbacks/callback.ts';
import type { Compiled } from '../compiled.ts';
import type { Results } from '../session/job.ts';

export class RunningMean {
  readonly #names: readonly string[];
  readonly #measures: readonly Metric[];
  #samples: number;
  #loss: number;
  /** What each metric has gathered. */
  readonly #states: number[][];

  /**
   * @param sums of the batches that were taken in before, where there were any
   * @throws RangeError where they are those of other metrics.
   */
  constructor(
    { metrics, measures }: Pick<Compiled, 'metrics' | 'measures'>,
    sums: RunningSums | null = null,
  ) {
    this.#names = metrics.map(labelOf);
    this.#measures = measures;
    this.#samples = sums?.samples ?? 0;
    this.#loss = sums?.loss ?? 0;
    const sizes = measures.map(stateSizeOf);
    const all = sizes.reduce((sum, size) => sum + size, 0);
    if (sums && sums.metrics.length !== all) {
      throw new RangeError(
        `fit: resumeFrom must come from a training with the same metrics: expected ${all} sums, got ${sums.metrics.length}`,
      );
    }
    let at = 0;
    this.#states = sizes.map((size) => {
      at += size;
      return sums ? sums.metrics.slice(at - size, at) : new Array<number>(size).fill(0);
    });
  }

  /** What it takes to continue from here with another RunningMean. */
  get sums(): RunningSums {
    return { samples: this.#samples, loss: this.#loss, metrics: this.#states.flat() };
  }

  /**
   * Takes in the batch at positions from ≤ p < to.
   * @returns the batch's own mean loss.
   */
  add({ losses, metrics, penalties }: Results, from: number, to: number): number {
    let loss = 0;
    for (let p = from; p < to; p++) loss += losses[p];
    // A penalty is the batch's, whatever its size.
    if (penalties) loss += penalties[from] * (to - from);
    this.#loss += loss;
    for (const [m, metric] of this.#measures.entries()) {
      const width = widthOf(metric);
      for (let p = from; p < to; p++) gather(metric, this.#states[m], metrics[m], p * width);
    }
    this.#samples += to - from;
    return loss / (to - from);
  }

  /** The figures so far, with a prefix before each name. */
  logs(): Logs;
  logs(prefix: string): Figures;
  logs(prefix = ''): Figures {
    const logs: Record<string, number> = { [`${prefix}loss`]: this.#loss / this.#samples };
    for (const [m, name] of this.#names.entries()) {
      logs[`${prefix}${name}`] = resultOf(this.#measures[m], this.#states[m], this.#samples);
    }
    return logs;
  }
}
