/**
 * Convolution by Winograd's minimal filtering F(4×4, 3×3): 36 multiplications where the direct way takes 144, and F(2×2, 3×3)
 * (winograd.ts) 64. For predictions and for gradients (winograd-backward.ts): its outputs' ties break at random, so that in training another
 * maximum might win.
 * Source: Lavin, Gray 2015, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308, section 4.3.
 *
 * The output is cut into tiles of 4×4. A tile reads 6×6 numbers d of each input channel:
 *   U = G·g·Gᵀ (transformFilters)      V = Bᵀ·d·B      M[ξ] = Σ_c V[ξ]·U[ξ] for each of the 36 places ξ      Y = Aᵀ·M·A
 * The matrices follow from six points at which polynomials are evaluated: 0, ±a, ±b, ∞. Lavin's 1 and 2 lose three more bits than
 * a = 3/4, b = 1/a = 4/3; so found by Alam, Anderson, Barabasz, Gregg 2022, "Winograd Convolution for Deep Neural
 * Networks: Efficient Point Selection", arXiv:2201.10369. With s = a² + b² = 337/144:
 *        ⎡  1      0      0   ⎤           ⎡1    0    −s    0   1  0⎤
 *        ⎢−128    −96    −72  ⎥/175       ⎢0  −ab²  −b²    a   1  0⎥           ⎡1  1   1   1   1  0⎤
 *    G = ⎢−128     96    −72  ⎥/175  Bᵀ = ⎢0   ab²  −b²   −a   1  0⎥      Aᵀ = ⎢0  a  −a   b  −b  0⎥
 *        ⎢ 81     108    144  ⎥/350       ⎢0  −a²b  −a²    b   1  0⎥           ⎢0  a²  a²  b²  b² 0⎥
 *        ⎢ 81    −108    144  ⎥/350       ⎢0   a²b  −a²   −b   1  0⎥           ⎣0  a³ −a³  b³ −b³ 1⎦
 *        ⎣  0      0      1   ⎦           ⎣0    1     0   −s   0  1⎦
 * Every multiplication by a matrix of constants goes along the height first, then along the width; docs/order-of-sums.md states
 * each operation.
 *
 * Inputs outside of the image are zeros; a tile's outputs after the image are dropped. One sample at a time. For 3×3
 * kernels with strides of 1 only.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { inputSize, sampleOf } from './conv2d.ts';
import { maxPoolSample } from './max-pool.ts';
import { convolveSample, type Winograd, workSize } from './winograd-tiles.ts';

/** The points a and b, their squares and the sum of those. */
export const A = 3 / 4;
export const B = Math.fround(4 / 3);
export const A2 = 9 / 16;
export const B2 = Math.fround(16 / 9);
export const S = Math.fround(337 / 144);

/** Rows of G: ±a, ±b. */
export const GA = [Math.fround(-128 / 175), Math.fround(-96 / 175), Math.fround(-72 / 175)];
export const GB = [Math.fround(81 / 350), Math.fround(108 / 350), Math.fround(144 / 350)];

export const F4: Winograd = { edge: 4, filter: filterRows, input: inputRows, output: outputRows };

/** Elements of scratch: [ V 36·T·C | M 36·T·OC | with pooling: one sample's output P·OC ], T tiles. */
export function winograd4Scratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return workSize(F4, g) + (pool === null ? 0 : g.P * g.OC);
}

/** x [N, H, W, C], u of winogradFilters, b [OC] → y [N, OH, OW, OC], or pooled [N, PH, PW, OC]. See Kernels.winograd4Forward. */
export function winograd4Forward(
  g: Conv2dGeometry,
  pool: PoolGeometry | null,
  N: number,
  x: Float32Array,
  u: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
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

/** G times three numbers of `from` that are `step` apart → six numbers of `to` that are `toStep` apart. */
function filterRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const g0 = from[at];
  const g1 = from[at + step];
  const g2 = from[at + 2 * step];
  to[toAt] = g0;
  for (const [pair, [p, q, r]] of [GA, GB].entries()) {
    const even = Math.fround(Math.fround(g0 * p) + Math.fround(g2 * r));
    const odd = Math.fround(g1 * q);
    to[toAt + (1 + 2 * pair) * toStep] = Math.fround(even + odd);
    to[toAt + (2 + 2 * pair) * toStep] = Math.fround(even - odd);
  }
  to[toAt + 5 * toStep] = g2;
}

/** Bᵀ times six numbers of `from` that are `step` apart → six numbers of `to` that are `toStep` apart. */
function inputRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const d0 = from[at];
  const d1 = from[at + step];
  const d2 = from[at + 2 * step];
  const d3 = from[at + 3 * step];
  const d4 = from[at + 4 * step];
  const d5 = from[at + 5 * step];
  const evenA = Math.fround(d4 - Math.fround(d2 * B2));
  const oddA = Math.fround(A * Math.fround(d3 - Math.fround(d1 * B2)));
  const evenB = Math.fround(d4 - Math.fround(d2 * A2));
  const oddB = Math.fround(B * Math.fround(d3 - Math.fround(d1 * A2)));
  to[toAt] = Math.fround(Math.fround(d0 - Math.fround(d2 * S)) + d4);
  to[toAt + toStep] = Math.fround(evenA + oddA);
  to[toAt + 2 * toStep] = Math.fround(evenA - oddA);
  to[toAt + 3 * toStep] = Math.fround(evenB + oddB);
  to[toAt + 4 * toStep] = Math.fround(evenB - oddB);
  to[toAt + 5 * toStep] = Math.fround(Math.fround(d1 - Math.fround(d3 * S)) + d5);
}

/** Aᵀ times six numbers of `from` that are `step` apart → four numbers of `to` that are `toStep` apart. */
function outputRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const m1 = from[at + step];
  const m2 = from[at + 2 * step];
  const m3 = from[at + 3 * step];
  const m4 = from[at + 4 * step];
  const evenA = Math.fround(m1 + m2);
  const oddA = Math.fround(A * Math.fround(m1 - m2));
  const evenB = Math.fround(m3 + m4);
  const oddB = Math.fround(B * Math.fround(m3 - m4));
  const cubes = Math.fround(Math.fround(oddA * A2) + Math.fround(oddB * B2));
  to[toAt] = Math.fround(Math.fround(from[at] + evenA) + evenB);
  to[toAt + toStep] = Math.fround(oddA + oddB);
  to[toAt + 2 * toStep] = Math.fround(Math.fround(evenA * A2) + Math.fround(evenB * B2));
  to[toAt + 3 * toStep] = Math.fround(cubes + from[at + 5 * step]);
}
