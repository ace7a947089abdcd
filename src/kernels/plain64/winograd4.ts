// Generated from ../plain/winograd4.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { inputSize, sampleOf } from './conv2d.ts';
import { maxPoolSample } from './max-pool.ts';
import { convolveSample, type Winograd, workSize } from './winograd-tiles.ts';

export const A = 3 / 4;
export const B = (4 / 3);
export const A2 = 9 / 16;
export const B2 = (16 / 9);
export const S = (337 / 144);

export const GA = [(-128 / 175), (-96 / 175), (-72 / 175)];
export const GB = [(81 / 350), (108 / 350), (144 / 350)];

export const F4: Winograd = { edge: 4, filter: filterRows, input: inputRows, output: outputRows };

export function winograd4Scratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return workSize(F4, g) + (pool === null ? 0 : g.P * g.OC);
}

export function winograd4Forward(
  g: Conv2dGeometry,
  pool: PoolGeometry | null,
  N: number,
  x: Float64Array,
  u: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
  scratch: Float64Array,
): void {
  const size = g.P * g.OC;
  const convolved = scratch.subarray(workSize(F4, g), workSize(F4, g) + size);
  for (let n = 0; n < N; n++) {
    const sample = sampleOf(x, n, inputSize(g));
    if (pool) {
      convolveSample(F4, g, sample, u, b, relu, convolved, scratch);
      maxPoolSample(pool, convolved, 0, y, null, n * pool.OH * pool.OW * pool.C);
    } else {
      convolveSample(F4, g, sample, u, b, relu, sampleOf(y, n, size), scratch);
    }
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
  to[toAt] = g0;
  for (const [pair, [p, q, r]] of [GA, GB].entries()) {
    const even = ((g0 * p) + (g2 * r));
    const odd = (g1 * q);
    to[toAt + (1 + 2 * pair) * toStep] = (even + odd);
    to[toAt + (2 + 2 * pair) * toStep] = (even - odd);
  }
  to[toAt + 5 * toStep] = g2;
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
  const d4 = from[at + 4 * step];
  const d5 = from[at + 5 * step];
  const evenA = (d4 - (d2 * B2));
  const oddA = (A * (d3 - (d1 * B2)));
  const evenB = (d4 - (d2 * A2));
  const oddB = (B * (d3 - (d1 * A2)));
  to[toAt] = ((d0 - (d2 * S)) + d4);
  to[toAt + toStep] = (evenA + oddA);
  to[toAt + 2 * toStep] = (evenA - oddA);
  to[toAt + 3 * toStep] = (evenB + oddB);
  to[toAt + 4 * toStep] = (evenB - oddB);
  to[toAt + 5 * toStep] = ((d1 - (d3 * S)) + d5);
}

function outputRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const m1 = from[at + step];
  const m2 = from[at + 2 * step];
  const m3 = from[at + 3 * step];
  const m4 = from[at + 4 * step];
  const evenA = (m1 + m2);
  const oddA = (A * (m1 - m2));
  const evenB = (m3 + m4);
  const oddB = (B * (m3 - m4));
  const cubes = ((oddA * A2) + (oddB * B2));
  to[toAt] = ((from[at] + evenA) + evenB);
  to[toAt + toStep] = (oddA + oddB);
  to[toAt + 2 * toStep] = ((evenA * A2) + (evenB * B2));
  to[toAt + 3 * toStep] = (cubes + from[at + 5 * step]);
}
