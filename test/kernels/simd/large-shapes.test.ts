/**
 * Strict SIMD against the plain kernels on shapes too large for the contract's random cases: several tiles of a dense
 * layer, more channels than a word has bits, samples that don't fill a block.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conv2dGeometry, inputGradientGeometry, poolGeometry } from '../../../src/kernels/geometry.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { plainKernels } from '../../../src/kernels/plain/index.ts';
import { createSimdKernels } from '../../../src/kernels/simd/index.ts';
import { deriveKey, Purpose, uniform } from '../../../src/tensor/random.ts';
import { expectSameBits } from '../../matchers.ts';
import { arena } from './arena.ts';

const { memory, allocate, reset } = arena({ shared: true });
const simd = createSimdKernels(memory, 'simd');

/** Numbers in [−1, 1] of which the share `zeros` is +0; the same for the same seed. */
function numbers(length: number, zeros: number, seed: number): Float32Array {
  const values = allocate('float32', length);
  const selector = new Float32Array(length);
  uniform(deriveKey(seed, Purpose.study, 0, 0), -1, 1, values);
  uniform(deriveKey(seed, Purpose.study, 1, 0), 0, 1, selector);
  for (let i = 0; i < length; i++) if (selector[i] < zeros) values[i] = 0;
  return values;
}

/** Runs the same call on both implementations, each with outputs of its own, and compares those. */
function expectSame(run: (kernels: Kernels) => (Float32Array | Uint8Array)[]): void {
  const [expected, actual] = [run(plainKernels), run(simd)];
  expected.forEach((output, i) => {
    expectSameBits(actual[i], output);
  });
}

describe.each([
  { N: 13, I: 164, O: 64, zeros: 0.7 },
  { N: 128, I: 132, O: 128, zeros: 0.7 },
  { N: 17, I: 196, O: 64, zeros: 0.2 },
  { N: 4, I: 1152, O: 128, zeros: 0.3 },
  { N: 2, I: 64, O: 32, zeros: 1 },
])('dense $N×$I×$O, $zeros zeros', ({ N, I, O, zeros }) => {
  const inputs = () => {
    reset();
    const x = numbers(N * I, zeros, 1);
    const dy = numbers(N * O, zeros, 2);
    const w = numbers(I * O, 0, 3);
    const b = numbers(O, 0, 4);
    return { x, dy, w, b, scratch: allocate('float32', simd.denseScratch(N, I, O)).fill(Number.NaN) };
  };

  test.each([true, false])('forward, ReLU %s', (relu) => {
    const { x, w, b, scratch } = inputs();
    expectSame((kernels) => {
      const y = allocate('float32', N * O).fill(99);
      kernels.denseForward(N, I, O, x, w, b, relu, y, scratch);
      return [y];
    });
  });

  test.each([true, false])('input gradient, alive given: %s', (isGiven) => {
    const { x, dy, w, scratch } = inputs();
    expectSame((kernels) => {
      const dx = allocate('float32', N * I).fill(99);
      kernels.denseBackwardInput(N, I, O, dy, w, isGiven ? x : null, dx, scratch);
      return [dx];
    });
  });

  test('weight gradient, by parts that do and don’t fill blocks', () => {
    const { x, dy, scratch } = inputs();
    expectSame((kernels) => {
      const dw = allocate('float32', I * O).fill(99);
      for (const [from, to] of [
        [0, 16],
        [16, 37],
        [37, 40],
        [40, I],
      ]) {
        kernels.denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch);
      }
      return [dw];
    });
  });
});

describe.each([
  { C: 4, filters: 40, zeros: 0.7, padding: 'valid' },
  { C: 32, filters: 68, zeros: 0.9, padding: 'valid' },
  { C: 12, filters: 36, zeros: 0, padding: 'same' },
  { C: 4, filters: 3, zeros: 0.7, padding: 'same' },
] as const)(
  'convolution of $C to $filters channels, $zeros zeros, $padding',
  ({ C, filters, zeros, padding }) => {
    const N = 3;
    const g = conv2dGeometry([10, 12, C], { filters, kernelSize: [3, 3], strides: [1, 1], padding });
    const pool = poolGeometry([g.OH, g.OW, filters], [2, 2], [2, 2]);

    test.each([true, false])('pooled forward and backward, ReLU %s', (relu) => {
      reset();
      const x = numbers(N * g.H * g.W * C, 0.3, 1);
      const w = numbers(g.K * filters, 0, 2);
      const b = numbers(filters, 0, 3);
      const size = N * pool.OH * pool.OW * filters;
      const dy = numbers(size, zeros, 4);
      const scratch = allocate('float32', simd.conv2dScratch(g, pool)).fill(Number.NaN);
      expectSame((kernels) => {
        const y = allocate('float32', size);
        const choice = allocate('uint8', size);
        const dw = allocate('float32', g.K * filters);
        const db = allocate('float32', filters);
        const dx = allocate('float32', x.length);
        kernels.conv2dPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch);
        kernels.conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, 'sparse', dw, db, dx, scratch);
        return [y, choice, dw, db, dx];
      });
    });

    test.each(['dense', 'sparse'] as const)('backward without pooling, %s walk', (walk) => {
      reset();
      const x = numbers(N * g.H * g.W * C, 0.3, 1);
      const w = numbers(g.K * filters, 0, 2);
      const dy = numbers(N * g.P * filters, zeros, 4);
      const scratch = allocate('float32', simd.conv2dScratch(g, null)).fill(Number.NaN);
      expectSame((kernels) => {
        const dw = allocate('float32', g.K * filters);
        const db = allocate('float32', filters);
        const dx = allocate('float32', x.length);
        kernels.conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch);
        return [dw, db, dx];
      });
    });
  },
);

// Forward and dx go by tiles of some pixels, dw by chunks of others.
test.each([
  { C: 33, filters: 16 },
  { C: 32, filters: 20 },
  { C: 36, filters: 136 },
  { C: 56, filters: 24 },
  { C: 144, filters: 8 },
])('a pointwise convolution, $C to $filters channels', ({ C, filters }) => {
  reset();
  const N = 3;
  const g = conv2dGeometry([17, 23, C], { filters, kernelSize: [1, 1], strides: [1, 1], padding: 'valid' });
  const x = numbers(N * g.P * C, 0.3, 1);
  const [w, b] = [numbers(C * filters, 0, 2), numbers(filters, 0, 3)];
  const dy = numbers(N * g.P * filters, 0.3, 4);
  const scratch = allocate('float32', simd.conv2dScratch(g, null)).fill(Number.NaN);
  expectSame((kernels) => {
    const [y, dw, db, dx] = [dy.length, w.length, filters, x.length].map((size) => allocate('float32', size));
    kernels.conv2dForward(g, N, x, w, b, true, y, scratch);
    kernels.conv2dBackward(g, N, x, w, dy, 'dense', dw, db, dx, scratch.fill(Number.NaN));
    return [y, dw, db, dx];
  });
});

// Patches, and the pixels that a kernel of 1×1 reads, go by chunks.
test.each([
  { C: 40, filters: 24, kernel: 1, strides: 2, padding: 'valid' },
  { C: 256, filters: 8, kernel: 1, strides: 3, padding: 'same' },
  { C: 40, filters: 12, kernel: 3, strides: 2, padding: 'same' },
  { C: 18, filters: 9, kernel: 5, strides: 1, padding: 'same' },
  { C: 3, filters: 16, kernel: 7, strides: 2, padding: 'valid' },
] as const)(
  'backward of $kernel×$kernel, strides of $strides, $C to $filters channels',
  ({ C, filters, kernel, strides, padding }) => {
    reset();
    const N = 3;
    const window = { kernelSize: [kernel, kernel], strides: [strides, strides], padding } as const;
    const g = conv2dGeometry([37, 35, C], { filters, ...window });
    const x = numbers(N * g.H * g.W * C, 0.3, 1);
    const w = numbers(g.K * filters, 0, 2);
    const dy = numbers(N * g.P * filters, 0.3, 4);
    const scratch = allocate('float32', simd.conv2dScratch(g, null));
    expectSame((kernels) => {
      const [dw, db, dx] = [w.length, filters, x.length].map((size) => allocate('float32', size).fill(99));
      kernels.conv2dBackward(g, N, x, w, dy, 'dense', dw, db, dx, scratch.fill(Number.NaN));
      return [dw, db, dx];
    });
  },
);

describe.each([
  { H: 26, W: 26, C: 32, filters: 32, padding: 'valid' },
  { H: 15, W: 11, C: 20, filters: 68, padding: 'valid' },
  { H: 7, W: 31, C: 64, filters: 12, padding: 'same' },
  { H: 53, W: 53, C: 8, filters: 9, padding: 'same' }, // more than 8,192 pixels: dw in blocks
  { H: 4, W: 84, C: 9, filters: 8, padding: 'same' },
] as const)('Winograd on $H×$W, $C to $filters channels, $padding', ({ H, W, C, filters, padding }) => {
  const N = 3;
  const g = conv2dGeometry([H, W, C], { filters, kernelSize: [3, 3], strides: [1, 1], padding });

  const inputs = () => {
    reset();
    const x = numbers(N * H * W * C, 0.3, 1);
    return { x, w: numbers(g.K * filters, 0, 2), b: numbers(filters, 0, 3) };
  };
  const transformed = (kernels: Kernels, w: Float32Array) => {
    const u = allocate('float32', kernels.winogradFilterSize(g, 2));
    kernels.winogradFilters(g, 2, w, u);
    return u;
  };

  test('forward', () => {
    const { x, w, b } = inputs();
    expectSame((kernels) => {
      const y = allocate('float32', N * g.P * filters);
      const scratch = allocate('float32', kernels.winogradScratch(g, null)).fill(Number.NaN);
      kernels.winogradForward(g, N, x, transformed(kernels, w), b, true, y, scratch);
      return [y];
    });
  });

  test('backward', () => {
    const { x, w } = inputs();
    const dy = numbers(N * g.P * filters, 0.3, 4);
    expectSame((kernels) => {
      const dw = allocate('float32', w.length);
      const db = allocate('float32', filters);
      const dx = allocate('float32', x.length);
      const scratch = allocate('float32', kernels.winogradBackwardScratch(g)).fill(Number.NaN);
      const u = allocate('float32', kernels.winogradFilterSize(inputGradientGeometry(g), 4));
      kernels.winogradTurnedFilters(g, w, u, scratch);
      kernels.winogradBackward(g, N, x, u, dy, dw, db, dx, scratch.fill(Number.NaN));
      return [dw, db, dx];
    });
  });

  test.each([true, false])('forward in tiles of 4×4, pooling: %s', (isPooled) => {
    const pool = isPooled ? poolGeometry([g.OH, g.OW, filters], [2, 2], [2, 2]) : null;
    const { x, w, b } = inputs();
    expectSame((kernels) => {
      const u = allocate('float32', kernels.winogradFilterSize(g, 4));
      kernels.winogradFilters(g, 4, w, u);
      const y = allocate('float32', N * (pool ? pool.OH * pool.OW : g.P) * filters);
      const scratch = allocate('float32', kernels.winograd4Scratch(g, pool)).fill(Number.NaN);
      kernels.winograd4Forward(g, pool, N, x, u, b, true, y, scratch);
      return [y];
    });
  });

  test.each([2, 3])('forward with pooling, windows of %d', (size) => {
    const pool = poolGeometry([g.OH, g.OW, filters], [size, size], [size, size]);
    const { x, w, b } = inputs();
    expectSame((kernels) => {
      const y = allocate('float32', N * pool.OH * pool.OW * filters);
      const choice = allocate('uint8', y.length);
      const scratch = allocate('float32', kernels.winogradScratch(g, pool)).fill(Number.NaN);
      kernels.winogradPoolForward(g, pool, N, x, transformed(kernels, w), b, true, y, choice, scratch);
      return [y, choice];
    });
  });
});

test('dropout keeps the elements of plain for a whole batch of features', () => {
  reset();
  const [N, E] = [5, 4608];
  const x = numbers(N * E, 0, 1);
  expectSame((kernels) => {
    const y = allocate('float32', N * E);
    const mask = allocate('uint8', N * E);
    kernels.dropoutForward(N, E, x, 0xdeadbeef, 0x12345678, 120, 2 ** 30, 4 / 3, y, mask);
    return [y, mask];
  });
});

test('a kernel is compiled once for a shape, and again for another', () => {
  reset();
  const original = WebAssembly.Module;
  let compiled = 0;
  WebAssembly.Module = new Proxy(original, {
    construct(target, args: [BufferSource]) {
      compiled++;
      return new target(...args);
    },
  });
  try {
    const [a, b, c] = [numbers(97 * 96, 0, 1), numbers(97 * 96, 0, 2), allocate('float32', 97 * 97)];
    for (let i = 0; i < 3; i++) simd.matmul(4, 97, 90, a, b, c);
    expect(compiled).toBe(1);
    createSimdKernels(memory, 'simd').matmul(4, 97, 90, a, b, c);
    expect(compiled).toBe(1);
    simd.matmul(4, 96, 90, a, b, c);
    expect(compiled).toBe(2);
  } finally {
    WebAssembly.Module = original;
  }
});

test('convolutions that are matrix products, of any count of pixels and filters', () => {
  const shapes = fc.record({
    N: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 6, max: 9 }),
    C: fc.integer({ min: 1, max: 9 }),
    filters: fc.integer({ min: 4, max: 33 }),
    isDilated: fc.boolean(),
    relu: fc.constantFrom(true, false, 0.25),
  });
  fc.assert(
    fc.property(shapes, ({ N, size, C, filters, isDilated, relu }) => {
      reset();
      const kernel = isDilated ? 2 : 1;
      const g = conv2dGeometry([size, size, C], {
        ...{ filters, kernelSize: [kernel, kernel], strides: [1, 1], padding: 'same' },
        dilationRate: [kernel, 1],
      });
      const x = numbers(N * size * size * C, 0.2, 1);
      const w = numbers(g.K * filters, 0, 2);
      const b = numbers(filters, 0, 3);
      const scratch = allocate('float32', simd.conv2dScratch(g, null)).fill(Number.NaN);
      expectSame((kernels) => {
        const y = allocate('float32', N * g.P * filters).fill(99);
        kernels.conv2dForward(g, N, x, w, b, relu, y, scratch);
        return [y];
      });
    }),
    { numRuns: 40 },
  );
});
