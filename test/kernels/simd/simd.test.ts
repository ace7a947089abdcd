/** SIMD kernels against the contract: strict ones to the bit, fused ones to rounding. */
import { describe, expect, test } from 'vitest';
import { createSimdKernels, simdSupported } from '../../../src/kernels/simd/index.ts';
import { describeKernels } from '../contract.ts';
import { arena } from './arena.ts';

const unshared = arena({ shared: false });
describeKernels('simd', createSimdKernels(unshared.memory, 'simd'), unshared.allocate, {
  beforeCase: unshared.reset,
});

describe('createSimdKernels', () => {
  test('runs on shared memory', () => {
    const { memory, allocate } = arena({ shared: true });
    const kernels = createSimdKernels(memory, 'simd');
    const [a, b, c] = [allocate('float32', 4), allocate('float32', 16), allocate('float32', 4)];
    a.set([1, 2, 3, 4]);
    b.forEach((_, i) => {
      b[i] = i;
    });
    kernels.matmul(1, 4, 4, a, b, c);
    expect([...c]).toEqual([80, 90, 100, 110]);
  });

  test('refuses an array that stands elsewhere', () => {
    const { memory, allocate } = arena({ shared: false });
    const kernels = createSimdKernels(memory, 'simd');
    const inside = allocate('float32', 4);
    expect(() => kernels.reluForward(4, new Float32Array(4), inside)).toThrow(
      /simd kernels: every array must be in the memory/,
    );
  });

  test('says its name and dtype', () => {
    const { memory } = arena({ shared: false });
    const { name, dtype } = createSimdKernels(memory, 'simd');
    expect({ name, dtype }).toEqual({ name: 'simd', dtype: 'float32' });
  });

  test('this engine runs strict SIMD', () => {
    expect(simdSupported('simd')).toBe(true);
  });
});

// Relaxed SIMD is on by default from Node 21 on and behind --experimental-wasm-relaxed-simd in Node 20.
describe.runIf(simdSupported('fma'))('fused multiply-add', () => {
  const { memory, allocate, reset } = arena({ shared: false });
  describeKernels('fma', createSimdKernels(memory, 'fma'), allocate, {
    beforeCase: reset,
    // The assembler writes both from one text.
    brief: true,
    compare: (actual, expected) => {
      expect(actual.length).toBe(expected.length);
      // Rounding is that of the sums' terms, which are as large as the largest output, whatever an element comes to.
      const largest = Array.from(expected).reduce((most, v) => (Math.abs(v) > most ? Math.abs(v) : most), 1);
      const isClose = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) <= 1e-5 * largest;
      // One expectation for all elements: this runs on millions.
      const worst = Array.from(expected).findIndex((value, i) => !isClose(actual[i], value));
      expect(worst, `element ${worst}: expected ${expected[worst]}, got ${actual[worst]}`).toBe(-1);
    },
  });
});
