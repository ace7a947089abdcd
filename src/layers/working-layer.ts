/**
 * What a step calls: forward and backward passes on a range of samples, and what is done once per batch. A layer has no memory of its own
 * for a step: a `Run` (stage.ts) brings it, so that any worker thread can compute any samples.
 */
import type { FloatArray } from '../tensor/tensor.ts';
import { addParts, type BatchSumsSize } from './batch-sums.ts';
import type { Parameter } from './parameter.ts';
import { PlannedLayer } from './planned-layer.ts';
import type { Run, Stage, StepKey, WeightUse } from './stage.ts';

/** A layer's passes. */
export abstract class WorkingLayer<Counts = number, Parameters = Parameter[]> extends PlannedLayer<
  Counts,
  Parameters
> {
  /** Computes y from x, for N samples. `key` decides all random numbers; null: inference, which has none. */
  abstract forward(run: Run, N: number, key: StepKey | null): void;

  /**
   * Computes from dy the gradient dx (unless it is null) and, for layers that split by samples, the gradients of the parameters (unless null).
   */
  abstract backward(run: Run, N: number): void;

  /**
   * For layers that split by weights: the gradient of elements from ≤ i < to of one parameter over all N
   * samples of the batch, after every sample's backward pass. The bounds are multiples of the last dimension.
   */
  weightGradient(_run: Run, _N: number, _parameter: number, _from: number, _to: number): void {
    throw new Error(`${this.className} splits its gradient by samples`);
  }

  /** For parameters whose role is `moved`: elements from ≤ i < to, once per step, when every sample's passes are done. */
  move(_run: Run, _parameter: number, _from: number, _to: number): void {
    throw new Error(`${this.className} has no parameter that moves`);
  }

  /** Writes the weights as its kernels take them (`preparedSize`), from `run.parameters`. */
  prepareWeights(_use: WeightUse, _run: Run, _prepared: FloatArray): void {}

  // Sums over the whole batch, for which all workers wait. Each has a part a shard (8 samples), in float64; the parts are merged,
  // shards ascending, before the pass itself runs, which finds the result in `run.sums`. Only in training.

  /** How many numbers a part and the result have, of each pass; null: the layer needs no such sums. */
  batchSums(_stage: Stage): BatchSumsSize | null {
    return null;
  }

  /** The part of N samples for the forward pass, computed from x. */
  sumForward(_run: Run, _N: number, _part: Float64Array): void {}

  /** The same for the backward pass, from dy and x; the forward sums are in `run.sums`. */
  sumBackward(_run: Run, _N: number, _part: Float64Array): void {}

  /** Merges the parts, each of so many samples. Default: it adds them up. */
  mergeForward(
    _stage: Stage,
    parts: readonly Float64Array[],
    _samples: readonly number[],
    result: Float64Array,
  ): void {
    addParts(parts, result);
  }

  /** The same for the backward pass. */
  mergeBackward(
    _stage: Stage,
    parts: readonly Float64Array[],
    _samples: readonly number[],
    result: Float64Array,
  ): void {
    addParts(parts, result);
  }
}
