/** The samples by which gradients are checked. */
import { expectMemory } from '../checks/detached.ts';
import { type Loss, rowSize, type Targets, targetSize } from '../losses/loss.ts';
import { asNetwork, type Network } from '../model/network.ts';
import { obtain } from '../tensor/memory.ts';
import { deriveKey, Purpose, uniform } from '../tensor/random.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import type { Batch } from './subject.ts';

/** Fewer would leave the sums over shards (of 8 samples) unchecked. */
const DEFAULT_SAMPLES = 9;

// Streams of random numbers within a check.
const INPUT = 0;
const TARGETS = 1;

/** What of the options of `checkGradients` says by which samples. */
interface Given {
  readonly x?: ArrayLike<number> | undefined;
  readonly targets?: ArrayLike<number> | undefined;
  readonly samples?: number | undefined;
}

/** Samples and targets as they were handed in; else random ones, of what the loss takes. @throws RangeError where they don't fit, or aren't finite. */
export function makeBatch(network: Network, loss: Loss, seed: number, options: Given): Batch {
  const inputs = sizeOf(network.inputShape);
  expectMemory('checkGradients', 'x', options.x);
  const samples = options.x ? options.x.length / inputs : (options.samples ?? DEFAULT_SAMPLES);
  if (!Number.isInteger(samples) || samples < 1) {
    throw new RangeError(
      `checkGradients: x must hold whole samples of shape [${network.inputShape}], at least one, ` +
        `got ${options.x ? `${options.x.length} numbers` : `${samples} samples`}`,
    );
  }
  const x = options.x
    ? Float64Array.from(options.x, Math.fround)
    : inUnitsOf(network, randomArray(samples * inputs, gradcheckKey(seed, INPUT, 0)));
  const targets = options.targets
    ? Float64Array.from(options.targets)
    : randomTargets(samples, network.outputShape, loss, seed);
  const expected = samples * targetSize(loss, network.outputShape);
  if (targets.length !== expected) {
    throw new RangeError(
      `checkGradients: targets must fit x and the model: expected ${expected} numbers, got ${targets.length}`,
    );
  }
  expectFinite('x', x);
  expectFinite('targets', targets);
  return { samples, x, targets };
}

/**
 * Numbers from −1 to 1 in the units of the model's input: what its first rescalings make −1 to 1 of, as pixels from 0 to 255 for
 * `rescaling({ scale: 1 / 127.5, offset: -1 })`. Numbers from −1 to 1 would be next to nothing behind it, and so would be what the differences show.
 */
function inUnitsOf(network: Network, numbers: Float64Array): Float64Array {
  const C = network.inputShape.at(-1) ?? 1;
  for (const { scale, offset } of firstRescalings(network).reverse()) {
    const at = (given: number | readonly number[], i: number): number =>
      typeof given === 'number' ? given : given[i % C];
    for (let i = 0; i < numbers.length; i++) {
      numbers[i] = Math.fround((numbers[i] - at(offset, i)) / at(scale, i));
    }
  }
  return numbers;
}

interface Units {
  readonly scale: number | readonly number[];
  readonly offset: number | readonly number[];
}

/** The rescalings that come before any layer that computes something else of the input. */
function firstRescalings(network: Network): Units[] {
  const units: Units[] = [];
  for (const layer of network.layers) {
    const within = asNetwork(layer);
    if (within) return [...units, ...firstRescalings(within)];
    if (layer.className === 'Rescaling') {
      const { scale, offset } = layer.getConfig() as unknown as Units; // as the layer has checked them
      if ([scale].flat().includes(0)) break;
      units.push({ scale, offset });
    } else if (layer.className !== 'Resizing' && !layer.isIdentity(false)) break;
  }
  return units;
}

/** What a loss takes: classes, distributions (with a softmax), probabilities (with a sigmoid), or any numbers. */
function randomTargets(samples: number, outputShape: Shape, loss: Loss, seed: number): Targets {
  const C = rowSize(loss, outputShape);
  const rows = (samples * sizeOf(outputShape)) / C;
  const numbers = randomArray(rows * C, gradcheckKey(seed, TARGETS, 0));
  if (loss.targetKind === 'classes') {
    return Int32Array.from({ length: rows }, (_, r) => Math.floor(((numbers[r] + 1) / 2) * C) % C);
  }
  if (loss.folds === 'sigmoid') return numbers.map((t) => (t + 1) / 2);
  if (loss.folds !== 'softmax') return numbers;
  for (let r = 0; r < rows; r++) {
    const row = numbers.subarray(r * C, (r + 1) * C);
    for (let c = 0; c < C; c++) row[c] = (row[c] + 1) / 2;
    const sum = row.reduce((total, t) => total + t, 0);
    for (let c = 0; c < C; c++) row[c] /= sum;
  }
  return numbers;
}

function randomArray(length: number, key: readonly [number, number]): Float64Array {
  const what = `checkGradients: ${length} numbers`;
  const numbers = obtain(what, 8 * length, () => new Float64Array(length));
  uniform(key, -1, 1, numbers);
  return numbers;
}

/** The key of one stream of random numbers, for one of the variables. */
export function gradcheckKey(seed: number, stream: number, variable: number): readonly [number, number] {
  return deriveKey(seed, Purpose.gradcheck, stream, variable);
}

/** @throws RangeError for the first number that isn't finite. */
export function expectFinite(what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`checkGradients: ${what} must be finite, got ${values[i]} at index ${i}`);
    }
  }
}
