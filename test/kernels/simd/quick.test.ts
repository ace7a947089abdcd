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

it('the sigmoid of 200,000 numbers has the bits of plain code', () => {
  kernels.sigmoidForward(COUNT, x, y);
  expectSameBits(y, x.map(sigmoid));
  expect(y[0]).not.toBe(y[1]);
});
