/** A workbench for one case: inputs of random numbers, outputs that notice stray writes, scratch full of NaN. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { deriveKey, Purpose, uniform } from '../../../src/tensor/random.ts';
import type { FloatArray } from '../../../src/tensor/tensor.ts';
import { referenceKernels, roundingOf } from '../reference.ts';

export interface ArrayTypes {
  float32: Float32Array;
  float64: Float64Array;
  uint8: Uint8Array;
}
export type Allocate = <T extends keyof ArrayTypes>(type: T, length: number) => ArrayTypes[T];
export type Compare = (actual: ArrayLike<number>, expected: ArrayLike<number>) => void;

/** One implementation under test. */
export interface Subject {
  readonly kernels: Kernels;
  readonly allocate: Allocate;
  readonly beforeCase: () => void;
  readonly compare: Compare;
  /** Fewer cases, and none of the experiment's size: for kernels whose text is that of others. */
  readonly brief?: boolean;
}

/** Elements behind each output and each scratch that no kernel may touch, and what they hold. */
const MARGIN = 5;
const UNTOUCHED = 99;

export type Bench = ReturnType<typeof benchFor>;

/** Runs `body` on random parameters, each time with a bench of its own; examples are tried first. */
export function check<P extends { seed: number }>(
  subject: Subject,
  parameters: fc.Arbitrary<P>,
  body: (p: P, bench: Bench) => void,
  options: { runs?: number; examples?: P[] } = {},
): void {
  // Other cases in every run of the tests.
  const most = subject.brief ? 8 : 20;
  fc.assert(
    fc.property(parameters, (p) => {
      const bench = benchFor(subject, p.seed);
      body(p, bench);
      bench.expectScratchKept();
    }),
    {
      numRuns: Math.min(options.runs ?? most, most),
      examples: ((!subject.brief && options.examples) || []).map((p): [P] => [p]),
    },
  );
}

export const seeds = fc.nat({ max: 0xffffffff });

export const vectors = fc.record({ size: fc.integer({ min: 1, max: 40 }), seed: seeds });

/** A part from ≤ i < to of a vector. */
export const parts = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), seeds)
  .map(([size, a, b, seed]) => {
    const from = a % size;
    return { size, from, to: from + (b % (size - from + 1)), seed };
  });

function benchFor(subject: Subject, seed: number) {
  const { kernels, allocate, beforeCase, compare } = subject;
  const { dtype } = kernels;
  beforeCase();
  let arrays = 0;
  const behindScratch: FloatArray[] = [];
  return {
    kernels,
    compare,
    reference: referenceKernels(roundingOf(dtype)),

    /**
     * Random numbers in [−1, 1], of which the fraction `zeros` is ±0. Every second seed gives multiples of
     * 1/4 only, so that sums cancel and maxima tie.
     */
    input(length: number, zeros = 0.2): FloatArray {
      const x = allocate(dtype, length);
      const selector = new Float64Array(length);
      uniform(deriveKey(seed, Purpose.study, arrays++, 0), -1, 1, x);
      uniform(deriveKey(seed, Purpose.study, arrays++, 0), 0, 1, selector);
      for (let i = 0; i < length; i++) {
        if (seed % 2 === 1) x[i] = Math.round(4 * x[i]) / 4;
        if (selector[i] < zeros) x[i] = selector[i] < zeros / 2 ? 0 : -0;
      }
      return x;
    },

    output(length: number): FloatArray {
      return allocate(dtype, length + MARGIN).fill(UNTOUCHED);
    },

    byteOutput(length: number): Uint8Array {
      return allocate('uint8', length + MARGIN).fill(UNTOUCHED);
    },

    scratch(length: number): FloatArray {
      const all = allocate(dtype, length + MARGIN).fill(UNTOUCHED);
      behindScratch.push(all.subarray(length));
      return all.subarray(0, length).fill(NaN);
    },

    /** Insists that no kernel wrote behind the scratch that it asked for. */
    expectScratchKept(): void {
      for (const rest of behindScratch) expect(Array.from(rest)).toEqual(new Array(MARGIN).fill(UNTOUCHED));
    },

    /** A copy of numbers where the kernels can reach it. */
    copy(values: ArrayLike<number>): FloatArray {
      const x = allocate(dtype, values.length);
      x.set(values);
      return x;
    },

    /** Insists that `output` holds `expected`, and after it what it held before. */
    expectWritten(output: FloatArray | Uint8Array, expected: ArrayLike<number>): void {
      const length = output.length - MARGIN;
      compare(output.subarray(0, length), expected);
      expect(Array.from(output.subarray(length))).toEqual(new Array(MARGIN).fill(UNTOUCHED));
    },
  };
}
