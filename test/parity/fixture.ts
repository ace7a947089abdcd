/** Reads the reference values in fixtures/, and compares with them. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { chooseDirection } from '../../src/gradcheck/choose.ts';
import type { LayerConfig } from '../../src/layers/layer.ts';
import type { LossConfig } from '../../src/losses/loss.ts';
import type { OptimizerConfig } from '../../src/optimizers/optimizer.ts';
import { deriveKey, Purpose, threefry2x32 } from '../../src/tensor/random.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';

/** Streams of random numbers by which large tensors are summarised; as in make-fixtures.py. */
const SIGNS = 1001;
const PLACES = 1002;

/** A tensor: all of it, or of a large one a summary. Numbers are float64, little-endian, in base64. */
export interface Stored {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values?: string;
  readonly norm?: number;
  /** Σ ±element, with random signs: every element counts. */
  readonly projections?: string;
  /** Elements at random places. */
  readonly elements?: string;
}

export interface LayerSpec {
  readonly className: string;
  readonly config: LayerConfig;
}

export interface TorchCase {
  readonly name: string;
  /** Categorical cross-entropy unless told. */
  readonly loss?: LossConfig;
  /** Adadelta, with the fixture's options, unless told. */
  readonly optimizer?: OptimizerConfig;
  readonly samples: number;
  readonly layers: readonly LayerSpec[];
  readonly inputs: { readonly x: Stored; readonly targets: Stored };
  readonly predictions: Stored;
  readonly logits: Stored;
  readonly losses: Stored;
  readonly 'input gradient': Stored;
  readonly gradients: readonly Stored[];
  readonly weights: Readonly<Record<string, readonly Stored[]>>;
}

export interface TorchFixture {
  readonly version: number;
  readonly seed: number;
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
  readonly cases: readonly TorchCase[];
}

/** A tensor of Keras' part: all of it. */
export interface KerasTensor {
  readonly shape: Shape;
  readonly values: string;
}

export interface KerasFixture {
  readonly version: number;
  readonly seed: number;
  readonly samples: number;
  readonly cases: readonly {
    readonly name: string;
    readonly inputShape: Shape;
    readonly layers: readonly { readonly className: string; readonly config: object }[];
    /** Keras' names of layers that were given none. */
    readonly names: readonly string[];
    readonly y: KerasTensor;
    readonly dx: KerasTensor;
    readonly gradients: readonly KerasTensor[];
  }[];
}

/** Reads fixtures/`file`. @throws Error where it is of another version, and how to make it again. */
export function readFixture<T extends { version: number }>(
  file: string,
  version: number,
  command: string,
): T {
  // What is in the file is checked where it is used: by version here, by shape in expectStored.
  const fixture = JSON.parse(readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), 'utf8')) as T;
  if (fixture.version !== version) {
    throw new Error(
      `fixtures/${file} is of version ${fixture.version}, this test reads ${version}: make it again with ${command}`,
    );
  }
  return fixture;
}

export function decode(base64: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float64Array(bytes.buffer);
}

/**
 * Holds a tensor to the stored one: the difference's norm at most `bound` of the tensor's norm, for summaries likewise
 * the norm of the differences of projections and of elements.
 */
export function expectStored(
  actual: ArrayLike<number>,
  stored: Stored,
  seed: number,
  bound: number,
  command: string,
): void {
  if (actual.length !== sizeOf(stored.shape)) {
    expect.fail(
      `fixtures: ${stored.name} has shape [${stored.shape}], the model's has ${actual.length} elements: ` +
        `make the fixture again with ${command}`,
    );
  }
  if (stored.values !== undefined) {
    expectNear(stored.name, actual, decode(stored.values), bound);
    return;
  }
  const norm = Math.hypot(...chunkNorms(actual));
  expectNear(`${stored.name}: norm`, [norm], [stored.norm ?? Number.NaN], bound);
  const projections = decode(stored.projections ?? '');
  const signed = projections.map((_, j) => {
    const signs = signsOf(actual.length, seed, j);
    return signs.reduce((sum, sign, i) => sum + sign * actual[i], 0);
  });
  // A random projection is about as large as the norm; one may be small by chance.
  expectNear(`${stored.name}: projections`, signed, projections, bound, norm);
  const key = deriveKey(seed, Purpose.gradcheck, PLACES, 0);
  const elements = decode(stored.elements ?? '');
  const picked = elements.map((_, i) => actual[threefry2x32(...key, i >> 1, 0)[i & 1] % actual.length]);
  expectNear(`${stored.name}: elements`, picked, elements, bound, Math.hypot(...elements));
}

/** Random signs are drawn once: they are as many as a tensor has elements. */
const drawn = new Map<string, Int8Array>();

function signsOf(length: number, seed: number, j: number): Int8Array {
  const name = `${length} ${seed} ${j}`;
  const signs = drawn.get(name) ?? chooseDirection(length, deriveKey(seed, Purpose.gradcheck, SIGNS, j));
  drawn.set(name, signs);
  return signs;
}

/** ‖actual − expected‖ ≤ bound·‖expected‖ (or another norm). */
export function expectNear(
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  bound: number,
  norm = Math.hypot(...chunkNorms(expected)),
): void {
  const difference = Array.from(expected, (value, i) => actual[i] - value);
  const error = Math.hypot(...chunkNorms(difference)) / norm;
  if (!(error <= bound || Math.hypot(...chunkNorms(difference)) === 0)) {
    const at = difference.reduce((worst, d, i) => (Math.abs(d) > Math.abs(difference[worst]) ? i : worst), 0);
    expect.fail(
      `${name}: expected an error of at most ${bound} of the norm, got ${error}: ` +
        `worst at [${at}] of ${expected.length}: expected ${expected[at]}, got ${actual[at]}`,
    );
  }
}

/** Norms of pieces, since Math.hypot takes no more arguments than the stack holds. */
function chunkNorms(values: ArrayLike<number>): number[] {
  const norms: number[] = [];
  for (let from = 0; from < values.length; from += 1024) {
    let sum = 0;
    for (let i = from; i < Math.min(values.length, from + 1024); i++) sum += values[i] ** 2;
    norms.push(Math.sqrt(sum));
  }
  return norms;
}
