/**
 * The backward kernels are the derivatives of the forward kernels: against central differences, in float64, for
 * v = Σ y·r with random r. The contract's reference shares the formulas' author; this doesn't.
 */
import { describe, test } from 'vitest';
import { conv2dGeometry, type Padding, poolGeometry } from '../../src/kernels/geometry.ts';
import { plain64Kernels as kernels } from '../../src/kernels/plain64/index.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { expectClose } from '../matchers.ts';
import { numericalGradient } from './numerical-gradient.ts';

const BOUND = { absolute: 1e-8 };

function random(length: number, layer: number): Float64Array {
  const x = new Float64Array(length);
  uniform(deriveKey(0, Purpose.gradcheck, layer, 0), -1, 1, x);
  return x;
}

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

const conv = (
  shape: [number, number, number],
  filters: number,
  kernelSize: [number, number],
  strides: [number, number],
  padding: Padding,
) => conv2dGeometry(shape, { filters, kernelSize, strides, padding });

describe.each([
  ['valid, strides 1', conv([5, 4, 2], 3, [3, 2], [1, 1], 'valid')],
  ['same, strides 2 and 1', conv([5, 6, 2], 3, [3, 3], [2, 1], 'same')],
  ['kernel as large as the image', conv([4, 3, 1], 5, [4, 3], [1, 1], 'valid')],
])('convolution, %s: gradients equal central differences within 1e-8', (_, g) => {
  const N = 2;
  const x = random(N * g.H * g.W * g.C, 1);
  const w = random(g.K * g.OC, 2);
  const b = random(g.OC, 3);
  const pool = poolGeometry([g.OH, g.OW, g.OC], [Math.min(2, g.OH), Math.min(2, g.OW)], [1, 1]);
  const pooledSize = N * pool.OH * pool.OW * pool.C;
  const choice = new Uint8Array(pooledSize);
  const scratch = new Float64Array(kernels.conv2dScratch(g, pool));
  const dw = new Float64Array(w.length);
  const db = new Float64Array(b.length);
  const dx = new Float64Array(x.length);

  test.each(['dense', 'sparse'] as const)('by itself, %s walk', (walk) => {
    const y = new Float64Array(N * g.P * g.OC);
    const r = random(y.length, 4);
    const value = (): number => {
      kernels.conv2dForward(g, N, x, w, b, false, y, scratch);
      return inner(y, r);
    };
    kernels.conv2dBackward(g, N, x, w, r, walk, dw, db, dx, scratch);
    expectClose(dw, numericalGradient(value, w), BOUND);
    expectClose(db, numericalGradient(value, b), BOUND);
    expectClose(dx, numericalGradient(value, x), BOUND);
  });

  test('with ReLU and overlapping max-pooling', () => {
    const y = new Float64Array(pooledSize);
    const r = random(y.length, 5);
    const value = (): number => {
      kernels.conv2dPoolForward(g, pool, N, x, w, b, true, y, choice, scratch);
      return inner(y, r);
    };
    value();
    kernels.conv2dPoolBackward(g, pool, N, x, w, true, y, choice, r, 'sparse', dw, db, dx, scratch);
    expectClose(dw, numericalGradient(value, w), BOUND);
    expectClose(db, numericalGradient(value, b), BOUND);
    expectClose(dx, numericalGradient(value, x), BOUND);
  });
});

test('max-pooling: gradient equals central differences within 1e-8', () => {
  const pool = poolGeometry([5, 4, 3], [3, 2], [2, 1]);
  const x = random(2 * 5 * 4 * 3, 6);
  const y = new Float64Array(2 * pool.OH * pool.OW * pool.C);
  const choice = new Uint8Array(y.length);
  const r = random(y.length, 7);
  const value = (): number => {
    kernels.maxPool2dForward(pool, 2, x, y, choice);
    return inner(y, r);
  };
  value();
  const dx = new Float64Array(x.length);
  kernels.maxPool2dBackward(pool, 2, r, choice, dx);
  expectClose(dx, numericalGradient(value, x), BOUND);
});

test('dense layer with ReLU: gradients equal central differences within 1e-8', () => {
  const [N, I, O] = [4, 7, 9];
  const x = random(N * I, 8);
  const w = random(I * O, 9);
  const b = random(O, 10);
  const y = new Float64Array(N * O);
  const r = random(N * O, 11);
  const scratch = new Float64Array(kernels.denseScratch(N, I, O));
  const value = (): number => {
    kernels.denseForward(N, I, O, x, w, b, true, y, scratch);
    return inner(y, r);
  };
  value();
  const dy = new Float64Array(N * O);
  const dx = new Float64Array(N * I);
  const dw = new Float64Array(I * O);
  const db = new Float64Array(O);
  kernels.reluBackward(N * O, y, r, dy);
  kernels.denseBackwardInput(N, I, O, dy, w, null, dx, scratch);
  kernels.denseBackwardWeights(N, I, O, x, dy, 0, I, dw, scratch);
  kernels.denseBackwardBias(N, O, dy, db);
  expectClose(dx, numericalGradient(value, x), BOUND);
  expectClose(dw, numericalGradient(value, w), BOUND);
  expectClose(db, numericalGradient(value, b), BOUND);
});
