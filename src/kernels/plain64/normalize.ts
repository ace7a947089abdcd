// Generated from ../plain/normalize.ts by generate-float64.mjs: do not edit.
import type { Rectifier } from '../kernels.ts';
import { rectify } from './relu.ts';

export function channelMoments(rows: number, C: number, x: Float64Array, moments: Float64Array): void {
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
  x: Float64Array,
  mean: Float64Array,
  scale: Float64Array,
  shift: Float64Array,
  relu: Rectifier,
  y: Float64Array,
): void {
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) {
      const v = (((x[i] - mean[c]) * scale[c]) + shift[c]);
      y[i] = rectify(v, relu);
    }
  }
}

export function channelSums(
  rows: number,
  C: number,
  x: Float64Array,
  dy: Float64Array,
  mean: Float64Array,
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
  x: Float64Array,
  dy: Float64Array,
  mean: Float64Array,
  scale: Float64Array,
  a: Float64Array,
  b: Float64Array,
  dx: Float64Array,
): void {
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < C; c++, i++) {
      const centred = ((x[i] - mean[c]) * b[c]);
      dx[i] = (scale[c] * ((dy[i] - a[c]) - centred));
    }
  }
}
