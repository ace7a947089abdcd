/** How many digits long sums keep, up to those of an image of 1024×1024. SIMD kernels have the same bits. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conv2dGeometry, poolGeometry } from '../../src/kernels/geometry.ts';
import { plainKernels as kernels } from '../../src/kernels/plain/index.ts';
import { BatchNormalization } from '../../src/layers/batch-normalization.ts';
import { convolutionAlgorithm } from '../../src/layers/convolution.ts';
import { makeStage } from '../../src/model/planned-stage.ts';
import { onHeap as allocate } from './contract/heap.ts';

interface Case {
  readonly size: number;
  readonly kind: 'equal' | 'uniform' | 'shifted';
  readonly mean: number;
  readonly variance: number;
  readonly averageError: number;
  readonly batchMeanError: number;
  readonly batchVarianceError: number;
}

const file = new URL('../../fixtures/torch-sums.json', import.meta.url);
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'));

/** (i·2654435761 mod 2^32)/2^32, as in fixtures/make-torch-sums.py. */
const uniformAt = (i: number): number => (Math.imul(i, 2654435761) >>> 0) / 2 ** 32;

const VALUES = { equal: () => 0.1, uniform: uniformAt, shifted: (i: number) => uniformAt(i) + 100 };

/** Pixels of one image, the same in each channel. */
function pixels(kind: Case['kind'], size: number, C: number): Float32Array {
  const x = allocate('float32', size * size * C);
  for (let i = 0; i < x.length; i++) x[i] = VALUES[kind](Math.floor(i / C));
  return x;
}

describe('means are at least as close as four times PyTorch’s float32 error', () => {
  test.each(cases)('global average of $size × $size $kind pixels', ({ size, kind, mean, averageError }) => {
    const C = 2;
    const x = pixels(kind, size, C);
    const y = allocate('float32', C);
    kernels.averagePool2dForward(poolGeometry([size, size, C], [size, size], [1, 1]), 1, x, y);
    for (const average of y) expect(Math.abs(average - mean)).toBeLessThanOrEqual(4 * averageError);
  });

  test.each(cases)('batch statistics of $size × $size $kind pixels', (torch) => {
    const { size, kind } = torch;
    const x = pixels(kind, size, 1);
    const layer = new BatchNormalization();
    layer.build([size, size, 1]);
    const part = new Float64Array(2);
    const batch = new Float64Array(2);
    kernels.channelMoments(size * size, 1, x, part);
    layer.mergeForward(makeStage(layer, { inputShape: [size, size, 1] }), [part], [1], batch);
    expect(Math.abs(batch[0] - torch.mean)).toBeLessThanOrEqual(4 * torch.batchMeanError + 1e-15);
    expect(Math.abs(batch[1] - torch.variance)).toBeLessThanOrEqual(4 * torch.batchVarianceError + 1e-15);
  });
});

/** Three kinds of terms, and how far a sum of their products may be off, as a part of the sum of magnitudes. */
const TERMS = [
  { kind: 'equal', bound: 1e-4, value: () => 0.1 },
  { kind: 'random positive', bound: 1e-6, value: uniformAt },
  { kind: 'random', bound: 1e-6, value: (i: number) => 2 * uniformAt(i) - 1 },
] as const;

const LENGTHS = [8193, 1024 ** 2];

function filled(length: number, value: (i: number) => number, first: number): Float32Array {
  const x = allocate('float32', length);
  for (let i = 0; i < length; i++) x[i] = value(i + first);
  return x;
}

describe.each(TERMS)('sums of $kind products', ({ bound, value }) => {
  /** |sum − Σ a·b| / Σ |a·b| for each of four columns of b. */
  const errors = (sums: ArrayLike<number>, terms: number, a: (i: number) => number, b: Float32Array) =>
    [0, 1, 2, 3].map((column) => {
      let exact = 0;
      let magnitude = 0;
      for (let i = 0; i < terms; i++) {
        const product = a(i) * b[4 * i + column];
        exact += product;
        magnitude += Math.abs(product);
      }
      return Math.abs(sums[column] - exact) / magnitude;
    });

  test.each(LENGTHS)('of a dense layer of %i inputs', (I) => {
    const [x, w, b] = [filled(I, value, 0), filled(4 * I, value, 7), allocate('float32', 4)];
    const y = allocate('float32', 4);
    const scratch = allocate('float32', kernels.denseScratch(1, I, 4));
    kernels.denseForward(1, I, 4, x, w, b, false, y, scratch);
    expect(Math.max(...errors(y, I, (i) => x[i], w))).toBeLessThanOrEqual(bound);
  });

  test.each([128, 1024])('of a convolution’s weight gradient over %i pixels squared', (size) => {
    const g = conv2dGeometry([size, size, 1], {
      ...{ filters: 4, kernelSize: [1, 3], strides: [1, 1], padding: 'same' },
    });
    const [x, dy] = [filled(size * size, value, 0), filled(4 * size * size, value, 7)];
    const [w, dw, db] = [allocate('float32', 12), allocate('float32', 12), allocate('float32', 4)];
    const scratch = allocate('float32', kernels.conv2dScratch(g, null));
    kernels.conv2dBackward(g, 1, x, w, dy, 'dense', dw, db, null, scratch);
    const middle = errors(dw.subarray(4), size * size, (i) => x[i], dy);
    expect(Math.max(...middle, ...errors(db, size * size, () => 1, dy))).toBeLessThanOrEqual(bound);
  });
});

test('a convolution of more than 8,192 channels isn’t computed by Winograd, whose sums are in a row', () => {
  const choice = (C: number) =>
    convolutionAlgorithm(
      conv2dGeometry([6, 6, C], { filters: 8, kernelSize: [3, 3], strides: [1, 1], padding: 'valid' }),
      'winograd',
    );
  expect([choice(8192), choice(8193)]).toEqual(['winograd', 'direct']);
});
