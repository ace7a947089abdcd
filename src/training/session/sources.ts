/**
 * How samples come into a step: row by row from the data set, or from the cache of frozen features.
 */
import type { BatchSource, Step } from '../../model/step.ts';
import { type FloatArray, sizeOf } from '../../tensor/tensor.ts';
import type { DataSet, FeatureCache } from './job.ts';

/** Sample number at a position of the batch. */
type SampleAt = (position: number) => number;

/** Copies each sample's row into the step's input. */
export class RowSource implements BatchSource {
  readonly firstStage = 0;
  readonly #data: DataSet;
  readonly #sampleAt: SampleAt;

  constructor(data: DataSet, sampleAt: SampleAt) {
    this.#data = data;
    this.#sampleAt = sampleAt;
  }

  load(step: Step, first: number, N: number): void {
    const input = step.stageInput(0, first);
    const size = sizeOf(step.plan.inputShape);
    for (let n = 0; n < N; n++) copyRow(this.#data.x, this.#sampleAt(first + n), input, n, size);
  }
}

/**
 * Provides the frozen prefix's output: from the cache, or computed once and kept there. The numbers are the
 * same either way, and so is everything that follows from them.
 */
export class CachedSource implements BatchSource {
  readonly firstStage: number;
  readonly #data: DataSet;
  readonly #cache: FeatureCache;
  readonly #sampleAt: SampleAt;

  constructor(data: DataSet, cache: FeatureCache, prefix: number, sampleAt: SampleAt) {
    this.#data = data;
    this.#cache = cache;
    this.firstStage = prefix;
    this.#sampleAt = sampleAt;
  }

  load(step: Step, first: number, N: number): void {
    const { features, ready, capacity } = this.#cache;
    const output = step.stageInput(this.firstStage, first);
    const size = sizeOf(step.plan.stages[this.firstStage - 1].outputShape);
    const isReady = (sample: number): boolean => sample < capacity && ready[sample] === 1;

    // The samples that aren't there are computed together, in the shard's first places …
    const missing: number[] = [];
    const inputSize = sizeOf(step.plan.inputShape);
    const input = step.stageInput(0, first);
    for (let n = 0; n < N; n++) {
      const sample = this.#sampleAt(first + n);
      if (isReady(sample)) continue;
      copyRow(this.#data.x, sample, input, missing.length, inputSize);
      missing.push(n);
    }
    if (missing.length > 0) step.forwardPrefix(this.firstStage, first, missing.length);

    // … and moved to their own from the last to the first, so that none is overwritten before it moved.
    for (let m = missing.length - 1; m >= 0; m--) {
      const n = missing[m];
      if (n !== m) copyRow(output, m, output, n, size);
    }
    for (let n = 0; n < N; n++) {
      const sample = this.#sampleAt(first + n);
      if (isReady(sample)) {
        copyRow(features, sample, output, n, size);
      } else if (sample < capacity) {
        copyRow(output, n, features, sample, size);
        ready[sample] = 1;
      }
    }
  }
}

function copyRow(from: FloatArray, fromRow: number, to: FloatArray, toRow: number, size: number): void {
  to.set(from.subarray(fromRow * size, (fromRow + 1) * size), toRow * size);
}
