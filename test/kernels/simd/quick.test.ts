/** Activations that SIMD kernels compute in fewer operations where that is certain to give the bits of plain code. */
import { expect, it } from 'vitest';
import { createSimdKernels } from '../../../src/kernels/simd/index.ts';
import { type SmoothName, smoothBackward, smoothForward } from '../../../src/kernels/smooth.ts';
import { deriveKey, Purpose, uniform } from '../../../src/tensor/random.ts';
import { sigmoid } from '../../../src/tensor/sigmoid.ts';
import { expectSameBits } from '../../matchers.ts';
import { arena } from './arena.ts';

/** So many that some lie nearer to the edge between two float32 than an estimate is sure of. */
const COUNT = 200_000;

const { memory, allocate } = arena({ shared: false });
const kernels = createSimdKernels(memory, 'simd');
const [x, dy, y] = [0, 1, 2].map(() => allocate('float32', COUNT));
uniform(deriveKey(1, Purpose.study, 0, 0), -12, 12, x);
uniform(deriveKey(1, Purpose.study, 1, 0), -1, 1, dy);

it.each(['swish', 'gelu'] as const)(
  '%s of 200,000 numbers has the bits of plain code',
  (name: SmoothName) => {
    const expected = new Float32Array(COUNT);
    kernels.smoothForward(name, COUNT, x, y);
    smoothForward(name, COUNT, x, expected);
    expectSameBits(y, expected);
    kernels.smoothBackward(name, COUNT, x, dy, y);
    smoothBackward(name, COUNT, x, dy, expected);
    expectSameBits(y, expected);
  },
);

it('swish rounds as plain code does where its estimate is nearest to the edge between two float32, in each of four lanes, alone among others', () => {
  const many = new Float32Array(1_000_000);
  uniform(deriveKey(1, Purpose.study, 2, 0), -12, 12, many);
  const nearest = many.filter((v) => distanceFromEdge(v * sigmoid(v)) < 3e-12);
  expect(nearest.length).toBeGreaterThan(50);
  const apart = 25; // one more than a multiple of four, and far enough that no two are computed together
  const count = 4 * apart * nearest.length;
  const numbers = allocate('float32', count).fill(0.5);
  for (let place = 0; place < 4 * nearest.length; place++) numbers[apart * place] = nearest[place >> 2];
  const [result, expected] = [allocate('float32', count), new Float32Array(count)];
  kernels.smoothForward('swish', count, numbers, result);
  smoothForward('swish', count, numbers, expected);
  expectSameBits(result, expected);
});

/** How far a number is from the middle of the two float32 around it, of its size. */
function distanceFromEdge(value: number): number {
  const near = Math.fround(value);
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 23);
  return Math.abs(Math.abs(value - near) - step / 2) / Math.abs(value);
}

it.each(['swish', 'gelu'] as const)(
  '%s has the sign of a zero gradient as plain code has it',
  (name: SmoothName) => {
    const count = 2000;
    const [wide, zeros, result] = [0, 1, 2].map(() => allocate('float32', count));
    const expected = new Float32Array(count);
    for (const scale of [50, 800]) {
      for (let i = 0; i < count; i++) {
        wide[i] = scale * ((i + 0.5) / count - 1);
        zeros[i] = i % 3 === 0 ? -0 : 0;
      }
      kernels.smoothBackward(name, count, wide, zeros, result);
      smoothBackward(name, count, wide, zeros, expected);
      expectSameBits(result, expected);
    }
  },
);

it('swish and the sigmoid have the bits of plain code where the result is hardly a float32 any more, and where it is none', () => {
  const odd = [
    0,
    -0,
    2 ** -120,
    2 ** -121,
    -(2 ** -126),
    2 ** -149,
    -79.9,
    -80.1,
    -87.4,
    -103.9,
    -104.1,
    -701,
    -1000,
    -1e6,
    701,
    -3e38,
    3e38,
  ];
  const values = [...odd, Infinity, -Infinity, NaN].flatMap((value) => [
    value,
    1.5,
    -2.5,
    0.25,
    3,
    -1,
    7,
    -6,
  ]);
  const [from, to] = [0, 1].map(() => allocate('float32', values.length));
  from.set(values);
  const expected = new Float32Array(values.length);
  kernels.smoothForward('swish', values.length, from, to);
  smoothForward('swish', values.length, from, expected);
  expectSameBits(to, expected);
  kernels.sigmoidForward(values.length, from, to);
  expectSameBits(to, from.map(sigmoid));
});

it('the sigmoid of 200,000 numbers has the bits of plain code', () => {
  kernels.sigmoidForward(COUNT, x, y);
  expectSameBits(y, x.map(sigmoid));
  expect(y[0]).not.toBe(y[1]);
});
