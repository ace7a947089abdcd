/** What makes a convolution one: it is linear, it doesn't care where things are, and its gradients are its adjoints. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conv2dGeometry, conv2dGeometry } from '../../src/kernels/geometry.ts';
import type { FloatArray } from '../../src/tensor/tensor.ts';
import { type Bench, check, seeds } from '../kernels/contract/bench.ts';
import { innerProduct, inputSize } from '../kernels/contract/conv2d.ts';
import { convCases } from '../kernels/contract/shapes.ts';
import { integers, subjects } from './subjects.ts';

function convolve(bench: Bench, g: Conv2dGeometry, N: number, x: FloatArray, w: FloatArray): FloatArray {
  const y = bench.copy(new Float32Array(N * g.P * g.OC));
  const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
  bench.kernels.conv2dForward(g, N, x, w, bench.copy(new Float32Array(g.OC)), false, y, scratch);
  return y;
}

describe.each(subjects)('convolution, %s kernels', (_, subject) => {
  it('is linear in the images: conv(2x − 3z) = 2·conv(x) − 3·conv(z), exactly on whole numbers', () => {
    check(subject, convCases, ({ N, g }, bench) => {
      const x = integers(bench, N * inputSize(g));
      const z = integers(bench, N * inputSize(g));
      const w = integers(bench, g.K * g.OC);
      const mixed = bench.copy(x.map((v, i) => 2 * v - 3 * z[i]));
      const [ofX, ofZ] = [convolve(bench, g, N, x, w), convolve(bench, g, N, z, w)];
      expect(convolve(bench, g, N, mixed, w)).toEqual(ofX.map((v, i) => 2 * v - 3 * ofZ[i]));
    });
  });

  it('is linear in the kernel: conv(2w − 3v) = 2·conv(w) − 3·conv(v), exactly on whole numbers', () => {
    check(subject, convCases, ({ N, g }, bench) => {
      const x = integers(bench, N * inputSize(g));
      const w = integers(bench, g.K * g.OC);
      const v = integers(bench, g.K * g.OC);
      const mixed = bench.copy(w.map((value, i) => 2 * value - 3 * v[i]));
      const [ofW, ofV] = [convolve(bench, g, N, x, w), convolve(bench, g, N, x, v)];
      expect(convolve(bench, g, N, x, mixed)).toEqual(ofW.map((value, i) => 2 * value - 3 * ofV[i]));
    });
  });

  it('commutes with shifts: an image moved by whole strides gives the same bits, moved by as many pixels', () => {
    const small = fc.integer({ min: 1, max: 5 });
    const shifts = fc.record({
      seed: seeds,
      image: fc.tuple(small, small, small),
      kernel: fc.tuple(small, small),
      strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      filters: fc.integer({ min: 1, max: 9 }),
      by: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    });
    check(subject, shifts, ({ image: [h, w, C], kernel, strides, filters, by }, bench) => {
      // A canvas of zeros with room for the image at both places and for the kernel all around it.
      const H = h + 2 * kernel[0] + 3 * strides[0];
      const W = w + 2 * kernel[1] + 3 * strides[1];
      const g = conv2dGeometry([H, W, C], { filters, kernelSize: kernel, strides, padding: 'valid' });
      const image = bench.input(h * w * C);
      const place = (top: number, left: number): FloatArray => {
        const canvas = bench.copy(new Float32Array(H * W * C));
        for (let row = 0; row < h; row++) {
          canvas.set(image.subarray(row * w * C, (row + 1) * w * C), ((top + row) * W + left) * C);
        }
        return canvas;
      };
      const weights = bench.input(g.K * g.OC);
      const here = convolve(bench, g, 1, place(kernel[0], kernel[1]), weights);
      const top = kernel[0] + by[0] * strides[0];
      const left = kernel[1] + by[1] * strides[1];
      const there = convolve(bench, g, 1, place(top, left), weights);
      for (let oh = by[0]; oh < g.OH; oh++) {
        for (let ow = by[1]; ow < g.OW; ow++) {
          const pixel = (oh * g.OW + ow) * g.OC;
          const origin = ((oh - by[0]) * g.OW + ow - by[1]) * g.OC;
          bench.compare(there.subarray(pixel, pixel + g.OC), here.subarray(origin, origin + g.OC));
        }
      }
    });
  });

  it('has its adjoints as gradients: ⟨y, dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩, exactly on whole numbers', () => {
    check(subject, convCases, ({ N, g, seed }, bench) => {
      const x = integers(bench, N * inputSize(g));
      const w = integers(bench, g.K * g.OC);
      const dy = integers(bench, N * g.P * g.OC);
      const dx = bench.copy(x);
      const dw = bench.copy(w);
      const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
      const walk = seed % 2 === 0 ? 'sparse' : 'dense';
      bench.kernels.conv2dBackward(g, N, x, w, dy, walk, dw, null, dx, scratch);
      const value = innerProduct(convolve(bench, g, N, x, w), dy);
      expect(innerProduct(x, dx)).toBe(value);
      expect(innerProduct(w, dw)).toBe(value);
    });
  });

  it('im2col then col2im counts overlaps: each pixel comes back as often as windows cover it', () => {
    check(subject, convCases, ({ g }, bench) => {
      const x = integers(bench, inputSize(g));
      const patches = bench.scratch(g.P * g.K);
      const back = bench.copy(new Float32Array(x.length));
      bench.kernels.im2col(g, x, patches);
      bench.kernels.col2im(g, patches, back);
      const rows = coverage(g.H, g.OH, g.KH, g.SH, g.padTop, g.DH);
      const columns = coverage(g.W, g.OW, g.KW, g.SW, g.padLeft, g.DW);
      const expected = x.map((v, i) => {
        const pixel = Math.floor(i / g.C);
        return v * rows[Math.floor(pixel / g.W)] * columns[pixel % g.W];
      });
      // A sum with col2im's +0 is never −0.
      expect(back).toEqual(expected.map((v) => v + 0));
    });
  });
});

/** How many windows along one axis read each position: output o reads o·stride − before + k·dilation for each k of the kernel. */
function coverage(
  size: number,
  count: number,
  kernel: number,
  stride: number,
  before: number,
  dilation: number,
): number[] {
  const read = Array.from({ length: count * kernel }, (_, i) => {
    const [o, k] = [Math.floor(i / kernel), i % kernel];
    return o * stride - before + k * dilation;
  });
  return Array.from({ length: size }, (_, i) => read.filter((position) => position === i).length);
}
