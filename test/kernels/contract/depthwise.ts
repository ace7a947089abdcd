/** Depthwise convolution, and what makes images larger. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { depthwiseGeometry, type Padding } from '../../../src/kernels/geometry.ts';
import { check, type Subject, seeds } from './bench.ts';
import { upTo } from './shapes.ts';

/** One filter per channel mostly, for which there are SIMD kernels; channels around the blocks of four, pixels around theirs. */
const cases = fc
  .record({
    ...{ H: upTo(7), W: fc.oneof(upTo(7), fc.constantFrom(13, 18)), N: upTo(3), seed: seeds },
    C: fc.oneof(upTo(9), fc.constantFrom(12, 17)),
    ...{ padding: fc.constantFrom<Padding>('valid', 'same'), M: fc.constantFrom(1, 1, 1, 2, 3) },
    ...{ kernel: fc.tuple(upTo(5), fc.oneof(upTo(5), fc.constant(8))), strides: fc.tuple(upTo(3), upTo(3)) },
    dilation: fc.constantFrom<[number, number]>([1, 1], [1, 1], [2, 1], [1, 2], [2, 3]),
  })
  .filter(
    ({ H, W, padding, kernel: [KH, KW], dilation: [DH, DW] }) =>
      padding === 'same' || (DH * (KH - 1) < H && DW * (KW - 1) < W),
  )
  .map(({ H, W, C, N, seed, padding, M, kernel, strides, dilation }) => ({
    ...{ N, seed },
    g: depthwiseGeometry([H, W, C], {
      ...{ kernelSize: kernel, strides, padding, dilationRate: dilation, depthMultiplier: M },
    }),
  }));

const images = fc.record({
  ...{ N: upTo(3), seed: seeds },
  g: fc.record({
    ...{ H: upTo(4), W: upTo(4), C: upTo(6), SH: upTo(4), SW: upTo(3) },
    interpolation: fc.constantFrom<'nearest' | 'bilinear'>('nearest', 'bilinear'),
  }),
});

export function describeDepthwise(subject: Subject): void {
  describe('depthwise', () => {
    test.each([true, false, 0.5])('forward sums over (kh, kw) ascending, the bias last; ReLU %s', (relu) => {
      check(subject, cases, ({ N, g }, bench) => {
        const x = bench.input(N * g.H * g.W * g.C);
        const w = bench.input(g.KH * g.KW * g.C * g.M);
        const b = bench.input(g.C * g.M);
        const y = bench.output(N * g.OH * g.OW * g.C * g.M);
        const scratch = bench.scratch(bench.kernels.depthwiseScratch(g));
        bench.kernels.depthwiseForward(g, N, x, w, b, relu, y, scratch);
        bench.expectWritten(y, bench.reference.depthwiseForward(g, N, x, w, b, relu));
      });
    });

    test('backward: dw and db sum over (n, oh, ow), dx adds windows, (oh, ow) ascending', () => {
      check(subject, cases, ({ N, g }, bench) => {
        const x = bench.input(N * g.H * g.W * g.C);
        const w = bench.input(g.KH * g.KW * g.C * g.M);
        const dy = bench.input(N * g.OH * g.OW * g.C * g.M);
        const dw = bench.output(w.length);
        const db = bench.output(g.C * g.M);
        const dx = bench.output(x.length);
        const scratch = bench.scratch(bench.kernels.depthwiseScratch(g));
        bench.kernels.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
        const expected = bench.reference.depthwiseBackward(g, N, x, w, dy);
        bench.expectWritten(dw, expected.dw);
        bench.expectWritten(db, expected.db);
        bench.expectWritten(dx, expected.dx);
      });
    });
  });

  describe('upsample2d', () => {
    test('forward repeats pixels, or mixes the four nearest', () => {
      check(subject, images, ({ N, g }, bench) => {
        const x = bench.input(N * g.H * g.W * g.C);
        const y = bench.output(x.length * g.SH * g.SW);
        bench.kernels.upsample2dForward(g, N, x, y);
        bench.expectWritten(y, bench.reference.upsample2dForward(g, N, x));
      });
    });

    test('backward adds each gradient to the pixels that it was made of, (oh, ow) ascending', () => {
      check(subject, images, ({ N, g }, bench) => {
        const size = N * g.H * g.W * g.C;
        const dy = bench.input(size * g.SH * g.SW);
        const dx = bench.output(size);
        bench.kernels.upsample2dBackward(g, N, dy, dx);
        bench.expectWritten(dx, bench.reference.upsample2dBackward(g, N, dy));
      });
    });
  });
}
