// Generated from ../plain/winograd.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { inputSize, sampleOf } from './conv2d.ts';
import { maxPoolSample } from './max-pool.ts';
import { convolveSample, type Winograd, workSize } from './winograd-tiles.ts';

export const PLACES = 16;

export const F2: Winograd = { edge: 2, filter: filterRows, input: inputRows, output: outputRows };

export function winogradScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return workSize(F2, g) + (pool === null ? 0 : g.P * g.OC);
}

export function winogradForward(
  g: Conv2dGeometry,
  N: number,
  x: Float64Array,
  u: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
  scratch: Float64Array,
): void {
  for (let n = 0; n < N; n++) {
    const sample = sampleOf(x, n, inputSize(g));
    convolveSample(F2, g, sample, u, b, relu, sampleOf(y, n, g.P * g.OC), scratch);
  }
}

export function winogradPoolForward(
  g: Conv2dGeometry,
  pool: PoolGeometry,
  N: number,
  x: Float64Array,
  u: Float64Array,
  b: Float64Array,
  relu: boolean,
  y: Float64Array,
  choice: Uint8Array,
  scratch: Float64Array,
): void {
  const convolved = scratch.subarray(workSize(F2, g), workSize(F2, g) + g.P * g.OC);
  const pooledSize = pool.OH * pool.OW * pool.C;
  for (let n = 0; n < N; n++) {
    const sample = sampleOf(x, n, inputSize(g));
    convolveSample(F2, g, sample, u, b, relu, convolved, scratch);
    maxPoolSample(pool, convolved, 0, y, choice, n * pooledSize);
  }
}

function filterRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const g0 = from[at];
  const g1 = from[at + step];
  const g2 = from[at + 2 * step];
  const outer = (g0 + g2);
  to[toAt] = g0;
  to[toAt + toStep] = (0.5 * (outer + g1));
  to[toAt + 2 * toStep] = (0.5 * (outer - g1));
  to[toAt + 3 * toStep] = g2;
}

function inputRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const d0 = from[at];
  const d1 = from[at + step];
  const d2 = from[at + 2 * step];
  const d3 = from[at + 3 * step];
  to[toAt] = (d0 - d2);
  to[toAt + toStep] = (d1 + d2);
  to[toAt + 2 * toStep] = (d2 - d1);
  to[toAt + 3 * toStep] = (d1 - d3);
}

function outputRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const m0 = from[at];
  const m1 = from[at + step];
  const m2 = from[at + 2 * step];
  const m3 = from[at + 3 * step];
  to[toAt] = ((m0 + m1) + m2);
  to[toAt + toStep] = ((m1 - m2) - m3);
}
