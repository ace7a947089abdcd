// Generated from ../plain/winograd4.ts by generate-float64.mjs: do not edit.
/**
 * Convolution by Winograd's minimal filtering F(4×4, 3×3): 36 multiplications where the direct way takes 144, and F(2×2, 3×3)
 * (winograd.ts) 64. For predictions: its sums differ more from the direct ones, and its ties break at random.
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
const A = 3 / 4;
const B = (4 / 3);
const A2 = 9 / 16;
const B2 = (16 / 9);
const S = (337 / 144);

/** Rows of G: ±a, ±b. */
const GA = [(-128 / 175), (-96 / 175), (-72 / 175)];
const GB = [(81 / 350), (108 / 350), (144 / 350)];

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

/** G times three numbers of `from` that are `step` apart → six numbers of `to` that are `toStep` apart. */
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

/** Bᵀ times six numbers of `from` that are `step` apart → six numbers of `to` that are `toStep` apart. */
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

/** Aᵀ times six numbers of `from` that are `step` apart → four numbers of `to` that are `toStep` apart. */
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
