/** How far predictions and gradients by Winograd's F(4×4, 3×3) are from the exact sums, as its decision promises (docs/decisions/0007-winograd.md). */
import { expect, test } from 'vitest';
import { conv2dGeometry, inputGradientGeometry } from '../../src/kernels/geometry.ts';
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { fillNormal, normalOf } from '../../src/tensor/normal.ts';
import { deriveKey, Purpose } from '../../src/tensor/random.ts';
import { referenceKernels } from './reference.ts';

function random(length: number, stream: number): Float32Array {
  const numbers = new Float32Array(length);
  fillNormal(deriveKey(7, Purpose.study, stream, 0), 0, 1, normalOf, numbers);
  return numbers;
}

/** The largest difference, as a part of the largest exact number. */
function furthest(actual: ArrayLike<number>, exact: ArrayLike<number>): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < exact.length; i++) {
    most = Math.max(most, Math.abs(exact[i] - actual[i]));
    largest = Math.max(largest, Math.abs(exact[i]));
  }
  return most / largest;
}

test.each([
  ['numbers of either sign', 512, (v: number) => v],
  ['numbers behind ReLU', 512, (v: number) => Math.max(0, v)],
  ['numbers far from zero', 512, (v: number) => v + 3],
  ['numbers behind ReLU', 64, (v: number) => Math.max(0, v)],
] as const)('%s, %i channels: within 1e-5 of the largest output', (_, C, input) => {
  const g = conv2dGeometry([10, 8, C], { filters: 4, kernelSize: [3, 3], strides: [1, 1], padding: 'same' });
  const x = random(g.H * g.W * C, 1).map(input);
  const w = random(9 * C * 4, 2);
  const b = new Float32Array(4);
  const u = new Float32Array(plainKernels.winogradFilterSize(g, 4));
  const y = new Float32Array(g.P * 4);
  plainKernels.winogradFilters(g, 4, w, u);
  const scratch = new Float32Array(plainKernels.winograd4Scratch(g, null));
  plainKernels.winograd4Forward(g, null, 1, x, u, b, false, y, scratch);
  const exact = referenceKernels((v) => v).conv2dForward(g, 1, x, w, b, false);
  expect(furthest(y, exact)).toBeLessThan(1e-5);
});

test.each([
  ['numbers of either sign', 32, 8, (v: number) => v],
  ['numbers behind ReLU', 32, 8, (v: number) => Math.max(0, v)],
  ['numbers far from zero', 32, 8, (v: number) => v + 3],
  ['numbers behind ReLU', 7, 8, (v: number) => Math.max(0, v)],
  ['numbers behind ReLU', 113, 1, (v: number) => Math.max(0, v)],
] as const)(
  '%s, images of %i pixels along an edge, %i samples: gradients within 1e-5 of the largest',
  (_, size, N, input) => {
    const [C, filters] = [16, 24];
    const options = { filters, kernelSize: [3, 3], strides: [1, 1], padding: 'same' } as const;
    const g = conv2dGeometry([size, size, C], options);
    const x = random(N * size * size * C, 1).map(input);
    const w = random(g.K * filters, 2);
    const dy = random(N * g.P * filters, 3);
    const [dw, dx] = [new Float32Array(w.length), new Float32Array(x.length)];
    const room = new Float32Array(plainKernels.winogradBackwardScratch(g));
    const u = new Float32Array(plainKernels.winogradFilterSize(inputGradientGeometry(g), 4));
    plainKernels.winogradTurnedFilters(g, w, u, room);
    plainKernels.winogradBackward(g, N, x, u, dy, dw, null, dx, room);
    const [exactDw, exactDx] = [new Float64Array(w.length), new Float64Array(x.length)];
    const exactRoom = new Float64Array(plain64Kernels.conv2dScratch(g, null));
    const [x64, w64, dy64] = [x, w, dy].map((numbers) => Float64Array.from(numbers));
    plain64Kernels.conv2dBackward(g, N, x64, w64, dy64, 'dense', exactDw, null, exactDx, exactRoom);
    expect(furthest(dw, exactDw)).toBeLessThan(1e-5);
    expect(furthest(dx, exactDx)).toBeLessThan(1e-5);
  },
);
