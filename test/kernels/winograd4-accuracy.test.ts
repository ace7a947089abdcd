/** How far predictions by Winograd's F(4×4, 3×3) are from the exact sums, as its decision promises (docs/decisions/0007-winograd.md). */
import { expect, test } from 'vitest';
import { conv2dGeometry } from '../../src/kernels/geometry.ts';
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { fillNormal, normalOf } from '../../src/tensor/normal.ts';
import { deriveKey, Purpose } from '../../src/tensor/random.ts';
import { referenceKernels } from './reference.ts';

test.each([
  ['numbers of either sign', 512, (v: number) => v],
  ['numbers behind ReLU', 512, (v: number) => Math.max(0, v)],
  ['numbers far from zero', 512, (v: number) => v + 3],
  ['numbers behind ReLU', 64, (v: number) => Math.max(0, v)],
] as const)('%s, %i channels: within 1e-5 of the largest output', (_, C, input) => {
  const g = conv2dGeometry([10, 8, C], { filters: 4, kernelSize: [3, 3], strides: [1, 1], padding: 'same' });
  const random = (length: number, stream: number): Float32Array => {
    const numbers = new Float32Array(length);
    fillNormal(deriveKey(7, Purpose.study, stream, 0), 0, 1, normalOf, numbers);
    return numbers;
  };
  const x = random(g.H * g.W * C, 1).map(input);
  const w = random(9 * C * 4, 2);
  const b = new Float32Array(4);
  const u = new Float32Array(plainKernels.winogradFilterSize(g, 4));
  const y = new Float32Array(g.P * 4);
  plainKernels.winogradFilters(g, 4, w, u);
  const scratch = new Float32Array(plainKernels.winograd4Scratch(g, null));
  plainKernels.winograd4Forward(g, null, 1, x, u, b, false, y, scratch);
  const exact = referenceKernels((v) => v).conv2dForward(g, 1, x, w, b, false);
  const largest = exact.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const furthest = exact.reduce((most, v, i) => Math.max(most, Math.abs(v - y[i])), 0);
  expect(furthest / largest).toBeLessThan(1e-5);
});
