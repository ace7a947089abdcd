/**
 * Running figures of an epoch. The loss of a batch is the mean over its samples, in order; an epoch's loss
 * weights the batches by their sizes, and accuracy is a mean over samples (Keras' rule for both).
 */
import type { RunningSums } from '../../formats/checkpoint.ts';
import type { Results } from '../session/job.ts';

export class RunningMean {
  readonly #names: readonly string[];
  #samples: number;
  #loss: number;
  readonly #metrics: number[];

  /** @param sums of the batches that were taken in before, where there were any */
  constructor(metrics: readonly string[], sums: RunningSums | null = null) {
    this.#names = metrics;
    this.#samples = sums?.samples ?? 0;
    this.#loss = sums?.loss ?? 0;
    this.#metrics = metrics.map((_, m) => sums?.metrics[m] ?? 0);
  }

  /** What it takes to go on from here with another RunningMean. */
  get sums(): RunningSums {
    return { samples: this.#samples, loss: this.#loss, metrics: [...this.#metrics] };
  }

  /**
   * Takes in the batch at positions from ≤ p < to.
   * @returns the batch's own mean loss.
   */
  add({ losses, metrics }: Results, from: number, to: number): number {
    let loss = 0;
    for (let p = from; p < to; p++) loss += losses[p];
    this.#loss += loss;
    for (const [m, values] of metrics.entries()) {
      for (let p = from; p < to; p++) this.#metrics[m] += values[p];
    }
    this.#samples += to - from;
    return loss / (to - from);
  }

  /** The figures so far, with a prefix before each name. */
  logs(prefix = ''): Record<string, number> {
    const logs: Record<string, number> = { [`${prefix}loss`]: this.#loss / this.#samples };
    for (const [m, name] of this.#names.entries())
      logs[`${prefix}${name}`] = this.#metrics[m] / this.#samples;
    return logs;
  }
}
