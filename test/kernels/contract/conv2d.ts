/** im2col, col2im and convolution. */
import { describe, expect, test } from 'vitest';
import type { Conv2dGeometry } from '../../../src/kernels/geometry.ts';
import type { FloatArray } from '../../../src/tensor/tensor.ts';
import { type Bench, check, type Subject } from './bench.ts';
import { convCases, experimentConvs, pointwiseCases } from './shapes.ts';

export const inputSize = (g: Conv2dGeometry): number => g.H * g.W * g.C;
export const outputSize = (g: Conv2dGeometry): number => g.P * g.OC;

/** Both give the same bits: the reference computes them once. */
export const WALKS = ['dense', 'sparse'] as const;

/** Room for the gradients of one call, and an expectation of all three. */
export function gradientsOf(bench: Bench, g: Conv2dGeometry, N: number) {
  const dw = bench.output(g.K * g.OC);
  const db = bench.output(g.OC);
  const dx = bench.output(N * inputSize(g));
  const expectWritten = (expected: Readonly<Record<'dw' | 'db' | 'dx', readonly number[]>>): void => {
    bench.expectWritten(dw, expected.dw);
    bench.expectWritten(db, expected.db);
    bench.expectWritten(dx, expected.dx);
  };
  return { dw, db, dx, expectWritten };
}

export function describeConv2d(subject: Subject): void {
  describe('im2col', () => {
    test('writes the patches, with zeros outside of the image', () => {
      check(subject, convCases, ({ g }, bench) => {
        const x = bench.input(inputSize(g));
        const patches = bench.output(g.P * g.K);
        bench.kernels.im2col(g, x, patches);
        bench.expectWritten(patches, bench.reference.im2col(g, x));
      });
    });

    test('col2im adds the patches to what dx holds, in the order of (oh, ow)', () => {
      check(subject, convCases, ({ g }, bench) => {
        const patches = bench.input(g.P * g.K);
        const start = bench.input(inputSize(g));
        const dx = bench.output(inputSize(g));
        dx.set(start);
        bench.kernels.col2im(g, patches, dx);
        bench.expectWritten(dx, bench.reference.col2im(g, patches, start));
      });
    });

    test('col2im is the adjoint of im2col: ⟨im2col(x), p⟩ = ⟨x, col2im(p)⟩ exactly, on small integers', () => {
      check(subject, convCases, ({ g }, bench) => {
        const x = bench.copy(bench.input(inputSize(g)).map((v) => Math.round(8 * v)));
        const p = bench.copy(bench.input(g.P * g.K).map((v) => Math.round(8 * v)));
        const patches = bench.output(g.P * g.K);
        const dx = bench.output(inputSize(g)).fill(0);
        bench.kernels.im2col(g, x, patches);
        bench.kernels.col2im(g, p, dx);
        expect(innerProduct(p, patches)).toBe(innerProduct(x, dx));
      });
    });
  });

  describe('conv2dForward', () => {
    test.each([true, false, 0.5])('sums over (kh, kw, c) ascending, the bias last; ReLU %s', (relu) => {
      check(
        subject,
        convCases,
        ({ N, g }, bench) => {
          const x = bench.input(N * inputSize(g));
          const w = bench.input(g.K * g.OC);
          const b = bench.input(g.OC);
          const y = bench.output(N * outputSize(g));
          const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
          bench.kernels.conv2dForward(g, N, x, w, b, relu, y, scratch);
          bench.expectWritten(y, bench.reference.conv2dForward(g, N, x, w, b, relu));
        },
        { examples: relu === true ? experimentConvs : [] },
      );
    });

    test('gives the same of weights in panels, where there are any', () => {
      check(
        subject,
        convCases,
        ({ N, g }, bench) => {
          const { conv2dPanels, conv2dScratch } = bench.kernels;
          const size = conv2dPanels?.size(g) ?? 0;
          if (!conv2dPanels || size === 0) return;
          const x = bench.input(N * inputSize(g));
          const w = bench.input(g.K * g.OC);
          const b = bench.input(g.OC);
          const panels = bench.output(size);
          const y = bench.output(N * outputSize(g));
          conv2dPanels.pack(g, w, panels);
          conv2dPanels.forward(g, N, x, w, panels, b, 6, y, bench.scratch(conv2dScratch(g, null)));
          bench.expectWritten(y, bench.reference.conv2dForward(g, N, x, w, b, 6));
        },
        { examples: experimentConvs },
      );
    });

    test('is the same sum for kernels of 1×1 on many channels, however many inputs are zero', () => {
      check(subject, pointwiseCases, ({ N, g, zeros, relu }, bench) => {
        const { conv2dForward, conv2dPanels, conv2dScratch } = bench.kernels;
        const x = bench.input(N * inputSize(g), zeros);
        const w = bench.input(g.K * g.OC);
        const b = bench.input(g.OC);
        const expected = bench.reference.conv2dForward(g, N, x, w, b, relu);
        const [y, again] = [0, 1].map(() => bench.output(N * outputSize(g)));
        conv2dForward(g, N, x, w, b, relu, y, bench.scratch(conv2dScratch(g, null)));
        bench.expectWritten(y, expected);
        const size = conv2dPanels?.size(g) ?? 0;
        if (!conv2dPanels || size === 0) return;
        const panels = bench.output(size);
        conv2dPanels.pack(g, w, panels);
        conv2dPanels.forward(g, N, x, w, panels, b, relu, again, bench.scratch(conv2dScratch(g, null)));
        bench.expectWritten(again, expected);
      });
    });
  });

  describe('conv2dBackward', () => {
    test('dense and sparse walk: dw and db sum over (n, oh, ow), patch rows over oc, all ascending', () => {
      check(
        subject,
        convCases,
        ({ N, g, seed }, bench) => {
          const x = bench.input(N * inputSize(g));
          const w = bench.input(g.K * g.OC);
          const dy = bench.input(N * outputSize(g), seed % 3 === 0 ? 0.1 : 0.9);
          const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
          const expected = bench.reference.conv2dBackward(g, N, x, w, dy);
          for (const walk of WALKS) {
            const { dw, db, dx, expectWritten } = gradientsOf(bench, g, N);
            bench.kernels.conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch.fill(NaN));
            expectWritten(expected);
          }
        },
        { examples: experimentConvs },
      );
    });

    test('dense and sparse walk: each output by itself, the others null, has the same bits', () => {
      check(subject, convCases, ({ N, g }, bench) => {
        const x = bench.input(N * inputSize(g));
        const w = bench.input(g.K * g.OC);
        const dy = bench.input(N * outputSize(g), 0.8);
        const { kernels } = bench;
        const scratch = bench.scratch(kernels.conv2dScratch(g, null));
        const expected = bench.reference.conv2dBackward(g, N, x, w, dy);
        for (const walk of WALKS) {
          const { dw, db, dx, expectWritten } = gradientsOf(bench, g, N);
          kernels.conv2dBackward(g, N, x, w, dy, walk, dw, null, null, scratch.fill(NaN));
          kernels.conv2dBackward(g, N, x, w, dy, walk, null, db, null, scratch.fill(NaN));
          kernels.conv2dBackward(g, N, x, w, dy, walk, null, null, dx, scratch.fill(NaN));
          expectWritten(expected);
        }
      });
    });
  });
}

export function innerProduct(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
