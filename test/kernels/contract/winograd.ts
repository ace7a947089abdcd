/** Convolution by Winograd's F(2×2, 3×3). */
import { describe, expect, test } from 'vitest';
import {
  type Conv2dGeometry,
  conv2dGeometry,
  inputGradientGeometry,
  poolGeometry,
} from '../../../src/kernels/geometry.ts';
import type { FloatArray } from '../../../src/tensor/tensor.ts';
import { expectClose } from '../../matchers.ts';
import { type Bench, check, type Subject } from './bench.ts';
import { gradientsOf, inputSize, outputSize } from './conv2d.ts';
import { type ConvPoolCase, experimentConvPools, winogradCases } from './shapes.ts';

const examples = experimentConvPools;

/** Images of one tile, where kernels take tiles by the dozen: one alone, and one more than go together. */
const singleTiles = [1, 37].map((N): ConvPoolCase => {
  const options = { filters: 8, kernelSize: [3, 3], strides: [1, 1], padding: 'valid' } as const;
  return {
    ...{ N, seed: 1, g: conv2dGeometry([4, 4, 8], options), pool: poolGeometry([2, 2, 8], [2, 2], [2, 2]) },
  };
});

function inputs(bench: Bench, { N, g }: ConvPoolCase) {
  const x = bench.input(N * inputSize(g));
  const w = bench.input(g.K * g.OC);
  // A bias below zero lets ReLU cut whole windows off.
  const b = bench.copy(bench.input(g.OC).map((v) => v - 0.5));
  return { x, w, b, u: smallFilters(bench, g, w) };
}

/** Images of one colour, but for a few pixels, or one, or none: most tiles are zeros once they are transformed. */
export function almostOneColour(bench: Bench, { N, g, seed }: ConvPoolCase): FloatArray {
  const [colour, others] = [bench.input(g.C), bench.input(N * inputSize(g))];
  const rarely = [5, 29, 1e9][seed % 3];
  const isOther = (pixel: number): boolean => (Math.imul(pixel + seed, 0x9e3779b1) >>> 0) % rarely === 0;
  return bench.copy(
    others.map((value, i) => (isOther(Math.floor(i / g.C)) || i === seed ? value : colour[i % g.C])),
  );
}

/** U of w, for forward passes in tiles of 2×2. */
function smallFilters({ kernels, output }: Bench, g: Conv2dGeometry, w: FloatArray): FloatArray {
  const u = output(kernels.winogradFilterSize(g, 2));
  kernels.winogradFilters(g, 2, w, u);
  return u;
}

/** U of w turned, for dx. */
export function turnedFilters(
  { kernels, output, scratch }: Bench,
  g: Conv2dGeometry,
  w: FloatArray,
): FloatArray {
  const u = output(kernels.winogradFilterSize(inputGradientGeometry(g), 4));
  kernels.winogradTurnedFilters(g, w, u, scratch(kernels.winogradBackwardScratch(g)));
  return u;
}

export function describeWinograd(subject: Subject): void {
  describe.each([true, false])('Winograd F(2×2, 3×3), ReLU %s', (relu) => {
    test('forward with pooling equals forward, then pooling', () => {
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g, pool } = p;
          const { x, w, b, u } = inputs(bench, p);
          const convolved = bench.reference.winogradForward(g, N, x, w, b, relu);
          const expected = bench.reference.maxPool2dForward(pool, N, convolved);
          const y = bench.output(expected.y.length);
          const choice = bench.byteOutput(expected.y.length);
          const scratch = bench.scratch(bench.kernels.winogradScratch(g, pool));
          bench.kernels.winogradPoolForward(g, pool, N, x, u, b, relu, y, choice, scratch);
          bench.expectWritten(y, expected.y);
          bench.expectWritten(choice, expected.choice);
        },
        { examples },
      );
    });
  });

  describe('Winograd F(2×2, 3×3)', () => {
    test.each([true, false, 0.5])('forward has the bits of its definition; ReLU %s', (relu) => {
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g } = p;
          const { x, w, b, u } = inputs(bench, p);
          const y = bench.output(N * outputSize(g));
          const scratch = bench.scratch(bench.kernels.winogradScratch(g, null));
          bench.kernels.winogradForward(g, N, x, u, b, relu, y, scratch);
          bench.expectWritten(y, bench.reference.winogradForward(g, N, x, w, b, relu));
        },
        { examples },
      );
    });

    test('forward has the bits of its definition where an image has hardly more than one colour', () => {
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g } = p;
          const { w, b, u } = inputs(bench, p);
          const x = almostOneColour(bench, p);
          const y = bench.output(N * outputSize(g));
          const scratch = bench.scratch(bench.kernels.winogradScratch(g, null));
          bench.kernels.winogradForward(g, N, x, u, b, false, y, scratch);
          bench.expectWritten(y, bench.reference.winogradForward(g, N, x, w, b, false));
        },
        { examples },
      );
    });

    test.each([2, 4] as const)('filters fill all that is read, and no more; tiles of %d×%d', (edge) => {
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g } = p;
          const { x, w, b } = inputs(bench, p);
          const { kernels } = bench;
          const size = kernels.winogradFilterSize(g, edge);
          // Over other numbers than those behind it; what isn't filled may stay between places.
          const results = [Number.NaN, 5].map((before) => {
            const u = bench.output(size);
            u.fill(before, 0, size);
            kernels.winogradFilters(g, edge, w, u);
            bench.expectWritten(u, u.slice(0, size));
            const y = bench.output(N * outputSize(g));
            if (edge === 2) {
              kernels.winogradForward(
                g,
                N,
                x,
                u,
                b,
                true,
                y,
                bench.scratch(kernels.winogradScratch(g, null)),
              );
            } else {
              const scratch = bench.scratch(kernels.winograd4Scratch(g, null));
              kernels.winograd4Forward(g, null, N, x, u, b, true, y, scratch);
            }
            return y;
          });
          bench.expectWritten(results[0], results[1].subarray(0, N * outputSize(g)));
        },
        { runs: 8 },
      );
    });

    test('differs from the direct convolution by less than 1e-5 (float64: 1e-13) of the largest output', () => {
      const tolerance = subject.kernels.dtype === 'float32' ? 1e-5 : 1e-13;
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g } = p;
          const { x, w, b, u } = inputs(bench, p);
          const y = bench.output(N * outputSize(g));
          const scratch = bench.scratch(bench.kernels.winogradScratch(g, null));
          bench.kernels.winogradForward(g, N, x, u, b, false, y, scratch);
          const direct = bench.reference.conv2dForward(g, N, x, w, b, false);
          const largest = direct.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
          expectClose(y.subarray(0, direct.length), direct, { absolute: tolerance * largest });
        },
        { examples },
      );
    });

    test('is exact on small integers: the bits of the direct convolution', () => {
      check(subject, winogradCases, (p, bench) => {
        const { N, g } = p;
        const integers = (length: number) =>
          bench.copy(bench.input(length).map((v) => Math.round(8 * v) + 0));
        const x = integers(N * inputSize(g));
        const w = integers(g.K * g.OC);
        const b = integers(g.OC);
        const y = bench.output(N * outputSize(g));
        const scratch = bench.scratch(bench.kernels.winogradScratch(g, null));
        const u = smallFilters(bench, g, w);
        bench.kernels.winogradForward(g, N, x, u, b, true, y, scratch);
        bench.expectWritten(y, bench.reference.conv2dForward(g, N, x, w, b, true));
      });
    });

    test('gives exactly the bias where a patch is zero, whatever its tile holds besides', () => {
      check(subject, winogradCases, (p, bench) => {
        const { N, g } = p;
        const { x, b, u } = inputs(bench, p);
        // The left half of each image is empty.
        const empty = Math.ceil(g.W / 2);
        for (let row = 0; row < N * g.H; row++) x.fill(0, row * g.W * g.C, (row * g.W + empty) * g.C);
        const y = bench.output(N * outputSize(g));
        const scratch = bench.scratch(bench.kernels.winogradScratch(g, null));
        bench.kernels.winogradForward(g, N, x, u, b, false, y, scratch);
        for (let pixel = 0; pixel < N * g.P; pixel++) {
          if ((pixel % g.OW) - g.padLeft + 3 > empty) continue;
          expect(Array.from(y.subarray(pixel * g.OC, (pixel + 1) * g.OC))).toEqual(Array.from(b));
        }
      });
    });

    test('ties over a constant background, so that the first position of a window wins', () => {
      check(subject, winogradCases, (p, bench) => {
        const { N, pool } = p;
        const g = { ...p.g, padTop: 0, padLeft: 0, H: p.g.OH + 2, W: p.g.OW + 2 };
        const colours = bench.input(g.C);
        const x = bench.copy(Float64Array.from({ length: N * inputSize(g) }, (_, i) => colours[i % g.C]));
        const { b, u } = inputs(bench, { ...p, g });
        const size = N * pool.OH * pool.OW * g.OC;
        const y = bench.output(size);
        const choice = bench.byteOutput(size);
        const scratch = bench.scratch(bench.kernels.winogradScratch(g, pool));
        bench.kernels.winogradPoolForward(g, pool, N, x, u, b, false, y, choice, scratch);
        bench.expectWritten(choice, new Uint8Array(size));
      });
    });

    test('backward has the bits of its definition, each gradient by itself too', () => {
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g } = p;
          const { x, w } = inputs(bench, p);
          const dy = bench.input(N * outputSize(g));
          const { kernels } = bench;
          const scratch = bench.scratch(kernels.winogradBackwardScratch(g));
          const expected = bench.reference.winogradBackward(g, N, x, w, dy);
          const [all, single] = [gradientsOf(bench, g, N), gradientsOf(bench, g, N)];
          const u = turnedFilters(bench, g, w);
          kernels.winogradBackward(g, N, x, u, dy, all.dw, all.db, all.dx, scratch);
          kernels.winogradBackward(g, N, x, null, dy, single.dw, null, null, scratch.fill(Number.NaN));
          kernels.winogradBackward(g, N, x, null, dy, null, single.db, null, scratch.fill(Number.NaN));
          kernels.winogradBackward(g, N, x, u, dy, null, null, single.dx, scratch.fill(Number.NaN));
          for (const { expectWritten } of [all, single]) expectWritten(expected);
        },
        { runs: 15, examples: singleTiles },
      );
    });

    test('backward differs from the direct gradients by less than 1e-5 (float64: 1e-13) of the largest', () => {
      const tolerance = subject.kernels.dtype === 'float32' ? 1e-5 : 1e-13;
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const { N, g } = p;
          const { x, w } = inputs(bench, p);
          const dy = bench.input(N * outputSize(g));
          const [dw, dx] = [bench.output(w.length), bench.output(x.length)];
          const scratch = bench.scratch(bench.kernels.winogradBackwardScratch(g));
          const u = turnedFilters(bench, g, w);
          bench.kernels.winogradBackward(g, N, x, u, dy, dw, null, dx, scratch);
          const direct = bench.reference.conv2dBackward(g, N, x, w, dy);
          for (const [actual, expected] of [
            [dw, direct.dw],
            [dx, direct.dx],
          ] as const) {
            const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
            expectClose(actual.subarray(0, expected.length), expected, { absolute: tolerance * largest });
          }
        },
        { runs: 8 },
      );
    });

    test('winogradScratch with pooling is enough for the kernel without', () => {
      check(subject, winogradCases, (p, bench) => {
        const { N, g, pool } = p;
        const { x, w, b, u } = inputs(bench, p);
        const y = bench.output(N * outputSize(g));
        const scratch = bench.scratch(bench.kernels.winogradScratch(g, pool));
        bench.kernels.winogradForward(g, N, x, u, b, false, y, scratch);
        bench.expectWritten(y, bench.reference.winogradForward(g, N, x, w, b, false));
      });
    });
  });
}
