/**
 * How samples come into a step: row by row from the data set, or from the cache of frozen features.
 */
import type { BatchSource, Inference } from '../../model/inference.ts';
import { unitNumbers } from '../../tensor/byte-images.ts';
import { type FloatArray, sizeOf } from '../../tensor/tensor.ts';
import type { DataSet, FeatureCache } from './job.ts';

/** Sample number at a position of the batch. */
type SampleAt = (position: number) => number;

/** Copies each sample's row into the step's input. */
export class RowSource implements BatchSource {
  readonly cached = false;
  readonly #data: DataSet;
  readonly #sampleAt: SampleAt;

  constructor(data: DataSet, sampleAt: SampleAt) {
    this.#data = data;
    this.#sampleAt = sampleAt;
  }

  load(step: Inference, first: number, N: number): void {
    loadRows(step, this.#data, first, N, this.#sampleAt);
  }
}

/**
 * Provides the plan's cut: from the cache, or computed once and kept there. The numbers are the
 * same either way, and so is everything that follows from them.
 */
export class CachedSource implements BatchSource {
  readonly cached = true;
  readonly #data: DataSet;
  readonly #cache: FeatureCache;
  readonly #sampleAt: SampleAt;

  constructor(data: DataSet, cache: FeatureCache, sampleAt: SampleAt) {
    this.#data = data;
    this.#cache = cache;
    this.#sampleAt = sampleAt;
  }

  load(step: Inference, first: number, N: number): void {
    const { features, ready, capacity } = this.#cache;
    const { plan } = step;
    const isReady = (sample: number): boolean => sample < capacity && ready[sample] === 1;

    // The samples that aren't there are computed together, in the shard's first places …
    const missing: number[] = [];
    const inputSize = sizeOf(plan.inputShape);
    const input = step.input(first);
    for (let n = 0; n < N; n++) {
      const sample = this.#sampleAt(first + n);
      if (isReady(sample)) continue;
      loadRow(this.#data.x, sample, input, missing.length, inputSize);
      missing.push(n);
    }
    if (missing.length > 0) step.computeCut(first, missing.length);

    for (const [c, { shape }] of plan.cut.entries()) {
      const output = step.cut(c, first);
      const size = sizeOf(shape);
      // … and moved to their own from the last to the first, so that none is overwritten before it moved.
      for (let m = missing.length - 1; m >= 0; m--) {
        const n = missing[m];
        if (n !== m) copyRow(output, m, output, n, size);
      }
      for (let n = 0; n < N; n++) {
        const sample = this.#sampleAt(first + n);
        if (isReady(sample)) copyRow(features[c], sample, output, n, size);
        else if (sample < capacity) copyRow(output, n, features[c], sample, size);
      }
    }
    for (const n of missing) {
      const sample = this.#sampleAt(first + n);
      if (sample < capacity) ready[sample] = 1;
    }
    // Layers that aren't frozen may read the model's input too.
    if (readsInput(plan)) loadRows(step, this.#data, first, N, this.#sampleAt);
  }
}

function readsInput({ stages, inference, cached }: Inference['plan']): boolean {
  return (
    stages.some(({ inputs }, s) => inputs.includes(-1) && !cached.stages[s]) ||
    inference.some(({ inputs }, s) => inputs.includes(-1) && !cached.inference[s])
  );
}

function loadRows(step: Inference, { x }: DataSet, first: number, N: number, sampleAt: SampleAt): void {
  const input = step.input(first);
  const size = sizeOf(step.plan.inputShape);
  for (let n = 0; n < N; n++) loadRow(x, sampleAt(first + n), input, n, size);
}

/** A sample's row as numbers. */
function loadRow(x: DataSet['x'], sample: number, to: FloatArray, toRow: number, size: number): void {
  if (!(x instanceof Uint8Array)) copyRow(x, sample, to, toRow, size);
  else unitNumbers(x.subarray(sample * size, (sample + 1) * size), to, toRow * size);
}

function copyRow(from: FloatArray, fromRow: number, to: FloatArray, toRow: number, size: number): void {
  to.set(from.subarray(fromRow * size, (fromRow + 1) * size), toRow * size);
}
