/**
 * How samples come into a step: row by row from the data set, or from the cache of frozen features.
 */
import type { BatchSource, Inference } from '../../model/inference.ts';
import { unitNumbers } from '../../tensor/byte-images.ts';
import { type FloatArray, sizeOf } from '../../tensor/tensor.ts';
import { isKept, keepRows, type Piece, recallRows } from './feature-cache.ts';
import type { DataSet, FeatureCache } from './job.ts';
import { LONGEST } from './packed-rows.ts';

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
    const { plan } = step;
    // The samples that aren't there are computed together, in the shard's first places …
    const missing: number[] = [];
    const inputSize = sizeOf(plan.inputShape);
    const input = step.input(first);
    for (let n = 0; n < N; n++) {
      const sample = this.#sampleAt(first + n);
      if (isKept(this.#cache, sample)) continue;
      loadRow(this.#data, sample, input, missing.length, inputSize);
      missing.push(n);
    }
    if (missing.length > 0) step.computeCut(first, missing.length);

    const cut = cutPieces(step, first, N);
    // … and moved to their own from the last to the first, so that none is overwritten before it moved.
    for (const { bits, size, first, end } of cut) {
      for (let m = missing.length - 1; m >= 0; m--) {
        if (missing[m] !== m) bits.copyWithin(missing[m] * size + first, m * size + first, m * size + end);
      }
    }
    for (let n = 0; n < N; n++) {
      const haveRows = missing.includes(n) ? keepRows : recallRows;
      haveRows(this.#cache, this.#sampleAt(first + n), cut, n);
    }
    // Layers that aren't frozen may read the model's input too.
    if (readsInput(plan)) loadRows(step, this.#data, first, N, this.#sampleAt);
  }
}

/** The cut of N samples from position `first` on, where the step has it. */
function cutPieces(step: Inference, first: number, N: number): Piece[] {
  return step.plan.cut.flatMap(({ shape }, c) => {
    const size = sizeOf(shape);
    const { buffer, byteOffset } = step.cut(c, first);
    const bits = new Uint32Array(buffer, byteOffset, N * size);
    return Array.from({ length: Math.ceil(size / LONGEST) }, (_, i) => {
      const begin = i * LONGEST;
      return { bits, size, first: begin, end: Math.min(begin + LONGEST, size) };
    });
  });
}

function readsInput({ stages, inference, cached }: Inference['plan']): boolean {
  return (
    stages.some(({ inputs }, s) => inputs.includes(-1) && !cached.stages[s]) ||
    inference.some(({ inputs }, s) => inputs.includes(-1) && !cached.inference[s])
  );
}

function loadRows(step: Inference, data: DataSet, first: number, N: number, sampleAt: SampleAt): void {
  const input = step.input(first);
  const size = sizeOf(step.plan.inputShape);
  for (let n = 0; n < N; n++) loadRow(data, sampleAt(first + n), input, n, size);
}

/** A sample's row as numbers. */
function loadRow({ x }: DataSet, sample: number, to: FloatArray, toRow: number, size: number): void {
  const [first, end] = [sample * size, (sample + 1) * size];
  if (x instanceof Uint8Array) unitNumbers(x.subarray(first, end), to, toRow * size);
  else to.set(x.subarray(first, end), toRow * size);
}
