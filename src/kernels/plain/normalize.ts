/**
 * Batch normalisation's arithmetic. Sums over the pixels of a shard are float64, whatever the dtype: a float32 sum of a
 * hundred thousand terms would lose half of its digits.
 */
import type { Rectifier } from '../kernels.ts';
import { rectify } from './relu.ts';

export function channelMoments(rows: number, C: number, x: Float32Array, moments: Float64Array): void {
  moments.fill(0, 0, 2 * C);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) moments[c] += x[i];
  }
  for (let c = 0; c < C; c++) moments[c] /= rows;
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) {
      const d = x[i] - moments[c];
      moments[C + c] += d * d;
    }
  }
}

export function normalizeForward(
  rows: number,
  C: number,
  x: Float32Array,
  mean: Float32Array,
  scale: Float32Array,
  shift: Float32Array,
  relu: Rectifier,
  y: Float32Array,
): void {
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) {
      const v = Math.fround(Math.fround(Math.fround(x[i] - mean[c]) * scale[c]) + shift[c]);
      y[i] = rectify(v, relu);
    }
  }
}

export function channelSums(
  rows: number,
  C: number,
  x: Float32Array,
  dy: Float32Array,
  mean: Float32Array,
  sums: Float64Array,
): void {
  sums.fill(0, 0, 2 * C);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) {
      sums[c] += dy[i];
      sums[C + c] += dy[i] * (x[i] - mean[c]);
    }
  }
}

export function normalizeBackward(
  rows: number,
  C: number,
  x: Float32Array,
  dy: Float32Array,
  mean: Float32Array,
  scale: Float32Array,
  a: Float32Array,
  b: Float32Array,
  dx: Float32Array,
): void {
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) {
      const centred = Math.fround(Math.fround(x[i] - mean[c]) * b[c]);
      dx[i] = Math.fround(scale[c] * Math.fround(Math.fround(dy[i] - a[c]) - centred));
    }
  }
}
