/**
 * Filters that the caches don't hold are read once for several small samples. Fifteen of 7×7 are 8 + 7 in tiles of 2×2, and 14 + 1 in
 * tiles of 4×4.
 */
import { test } from 'vitest';
import { conv2dGeometry } from '../../../src/kernels/geometry.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { plainKernels } from '../../../src/kernels/plain/index.ts';
import { createSimdKernels } from '../../../src/kernels/simd/index.ts';
import { deriveKey, Purpose, uniform } from '../../../src/tensor/random.ts';
import { expectSameBits } from '../../matchers.ts';
import { arena } from './arena.ts';

const [N, C, filters] = [15, 256, 516];
/** Images that differ; the samples are these again and again, so that plain needs to convolve no more. No chunk has a multiple of so many. */
const IMAGES = 5;
const { memory, allocate, reset } = arena({ shared: true, megabytes: 128 });
const simd = createSimdKernels(memory, 'simd');

function numbers(length: number, seed: number): Float32Array {
  const values = allocate('float32', length);
  uniform(deriveKey(seed, Purpose.study, 0, 0), -1, 1, values);
  return values;
}

test.each([
  { padding: 'same', size: 7 },
  { padding: 'valid', size: 9 },
] as const)('samples that share a chunk have the bits of plain, padding $padding', ({ padding, size }) => {
  reset();
  const g = conv2dGeometry([size, size, C], { filters, kernelSize: [3, 3], strides: [1, 1], padding });
  const images = numbers(IMAGES * size * size * C, 1);
  const x = allocate('float32', N * size * size * C);
  for (let n = 0; n < N; n += IMAGES) x.set(images, n * size * size * C);
  const [w, b] = [numbers(g.K * filters, 2), numbers(filters, 3)];
  const run = (kernels: Kernels, N: number, x: Float32Array, edge: 2 | 4): Float32Array => {
    const isPlain = kernels === plainKernels;
    const array = (length: number): Float32Array =>
      isPlain ? new Float32Array(length) : allocate('float32', length);
    const u = array(kernels.winogradFilterSize(g, edge));
    kernels.winogradFilters(g, edge, w, u);
    const y = array(N * g.P * filters).fill(99);
    const scratch = edge === 4 ? kernels.winograd4Scratch(g, null) : kernels.winogradScratch(g, null);
    const room = array(scratch).fill(Number.NaN);
    if (edge === 4) kernels.winograd4Forward(g, null, N, x, u, b, true, y, room);
    else kernels.winogradForward(g, N, x, u, b, true, y, room);
    return y;
  };
  for (const edge of [2, 4] as const) {
    const expected = run(plainKernels, IMAGES, images, edge);
    const actual = run(simd, N, x, edge);
    for (let at = 0; at < actual.length; at += expected.length)
      expectSameBits(actual.subarray(at, at + expected.length), expected);
  }
});
