/** How much each sample counts: `sampleWeight` and `classWeight`, as Keras 3 takes them. */
import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { isBag } from '../checks/options.ts';
import { arrayKind } from '../checks/realms.ts';
import type { Loss, Targets } from '../losses/loss.ts';
import { argmax } from '../metrics/accuracy.ts';
import { allocate } from '../tensor/memory.ts';
import { type FloatArray, type Shape, sizeOf, Tensor } from '../tensor/tensor.ts';

/** One number per sample: 1 counts as usual, 0 not at all. */
export type SampleWeights =
  | Tensor
  | readonly number[]
  | readonly (readonly number[])[]
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int32Array;

/** A number per class, by the class's number: `{ 0: 1, 1: 5 }`; classes that aren't named count 1. */
export type ClassWeights = Readonly<Record<number, number>> | ReadonlyMap<number, number>;

/** How much samples count; at most one of the two. */
export interface Weights {
  readonly sampleWeight?: SampleWeights | undefined;
  readonly classWeight?: ClassWeights | undefined;
}

/** @throws RangeError where both are given. */
export function refuseBothWeights(operation: string, { sampleWeight, classWeight }: Weights): void {
  if (sampleWeight === undefined || classWeight === undefined) return;
  throw new RangeError(
    `${operation}: sampleWeight and classWeight can't both be given: multiply them yourself`,
  );
}

/**
 * Sample weights as the workers take them: float32, one per sample.
 * @throws TypeError or RangeError where they aren't finite numbers, or not as many as samples.
 */
export function toSampleWeights(
  operation: string,
  weights: SampleWeights,
  samples: number,
  shared: boolean,
): FloatArray {
  const numbers = flat(operation, weights);
  if (numbers.length !== samples) {
    throw new RangeError(
      `${operation}: sampleWeight must have one number per sample: expected ${samples}, got ${numbers.length}`,
    );
  }
  const placed = allocate(samples, { shared });
  for (let n = 0; n < samples; n++) {
    if (typeof numbers[n] !== 'number' || !Number.isFinite(numbers[n])) {
      throw new RangeError(
        `${operation}: sampleWeight must be finite numbers, got ${describe(numbers[n])} for sample ${n}`,
      );
    }
    placed[n] = numbers[n];
  }
  return placed;
}

function flat(operation: string, weights: SampleWeights): ArrayLike<number> {
  expectMemory(operation, 'sampleWeight', weights);
  if (weights instanceof Tensor) return weights.data;
  if (arrayKind(weights)) return weights as ArrayLike<number>;
  // One number per sample may come in brackets of its own: [n, 1].
  if (Array.isArray(weights)) {
    return weights.map((w: unknown) => (Array.isArray(w) && w.length === 1 ? w[0] : w)) as number[];
  }
  throw new TypeError(
    `${operation}: sampleWeight must be a tensor or an array of one number per sample, got ${describe(weights)}`,
  );
}

/**
 * Each sample's weight by its class.
 * @throws TypeError or RangeError where the weights aren't finite numbers by class numbers, or the targets are no classes.
 */
export function toClassWeights(
  operation: string,
  weights: ClassWeights,
  targets: Targets,
  shape: Shape,
  loss: Loss,
  shared: boolean,
): FloatArray {
  const classes = sizeOf(shape);
  const most = Math.max(2, classes); // one output says yes or no
  const byClass = readClassWeights(operation, weights, most);
  // An image of targets has no class, as none has one in Keras.
  const numbers = shape.length > 1 && classes > 1 ? null : classesOf(targets, classes, loss);
  // Targets of −1 and 1, or of any numbers, are no classes either.
  if (!numbers?.every((k) => k >= 0 && k < most)) {
    throw new RangeError(
      `${operation}: classWeight needs one class per sample, which ${loss.name} of ${classes} outputs doesn't have: use sampleWeight`,
    );
  }
  const placed = allocate(numbers.length, { shared });
  for (let n = 0; n < numbers.length; n++) placed[n] = byClass.get(numbers[n]) ?? 1;
  return placed;
}

function readClassWeights(operation: string, weights: unknown, classes: number): Map<number, number> {
  const isMap = weights instanceof Map;
  if (!isMap && !Array.isArray(weights) && !isBag(weights)) {
    throw new TypeError(
      `${operation}: classWeight must be an object of one number per class, { 0: 1, 1: 5 }, got ${describe(weights)}`,
    );
  }
  const entries: [unknown, unknown][] = isMap ? [...weights] : Object.entries(weights);
  return new Map(
    entries.map(([key, weight]) => {
      const k = typeof key === 'string' && key !== '' ? Number(key) : key;
      if (typeof k !== 'number' || !Number.isInteger(k) || k < 0 || k >= classes) {
        throw new RangeError(
          `${operation}: classWeight must name classes from 0 to ${classes - 1}, got ${describe(key)}`,
        );
      }
      if (typeof weight !== 'number' || !Number.isFinite(weight)) {
        throw new RangeError(
          `${operation}: classWeight must be finite numbers, got ${describe(weight)} for class ${k}`,
        );
      }
      return [k, weight];
    }),
  );
}

/**
 * Each sample's class: its number, where the largest of its row is, or yes and no as 1 and 0. null: the loss's targets are
 * no classes (several answers of yes and no).
 */
export function classesOf(targets: Targets, C: number, loss: Loss): Int32Array | null {
  if (targets instanceof Int32Array) return targets;
  if (C === 1) return Int32Array.from(targets, Math.round);
  if (loss.folds === 'sigmoid') return null;
  return Int32Array.from({ length: targets.length / C }, (_, n) => argmax(targets, n * C, C));
}
