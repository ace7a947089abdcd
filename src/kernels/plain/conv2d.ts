/**
 * Convolution, forward and backward, by im2col and matrix products, one sample at a time.
 *
 * With a sample's patches [P, K], kernels w [K, OC] and output y [P, OC]:
 *   forward  y       = patches·w + b
 *   backward dw      = Σ_samples patchesᵀ·dy    db = Σ_samples Σ_p dy[p]
 *            dpatches = dy·wᵀ, and dx = col2im(dpatches)
 * The sparse walk gives the same bits from the non-zero elements of dy only; see conv2d-sparse.ts.
 *
 * A view of one sample's part of an array is made a sample, but no numbers are allocated.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { GradientWalk, Rectifier } from '../kernels.ts';
import { addBias } from './bias.ts';
import { addSparseInputGradient, addSparseWeightGradient } from './conv2d-sparse.ts';
import { col2im, im2col } from './im2col.ts';
import { addMatmulTransposeA, matmul, matmulTransposeB } from './matmul.ts';

/**
 * Elements of scratch: [ patches P·K | transposed dw OC·K | transposed w OC·K | with pooling: one sample's
 * convolution output, or its gradient, P·OC ].
 */
export function conv2dScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return sampleOffset(g) + (pool === null ? 0 : g.P * g.OC);
}

/** x [N, H, W, C], w [K, OC], b [OC] → y [N, OH, OW, OC], overwritten. See Kernels.conv2dForward. */
export function conv2dForward(
  g: Conv2dGeometry,
  N: number,
  x: Float32Array,
  w: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
): void {
  for (let n = 0; n < N; n++) {
    conv2dForwardSample(g, sampleOf(x, n, inputSize(g)), w, b, relu, sampleOf(y, n, g.P * g.OC), scratch);
  }
}

/** One sample: x [H, W, C] → y [P, OC]. */
export function conv2dForwardSample(
  g: Conv2dGeometry,
  x: Float32Array,
  w: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
): void {
  im2col(g, x, scratch);
  matmul(g.P, g.K, g.OC, scratch, w, y);
  addBias(g.P, g.OC, b, relu, y);
}

/** x [N, H, W, C], w [K, OC], dy [N, OH, OW, OC] → dw, db, dx, overwritten. See Kernels.conv2dBackward. */
export function conv2dBackward(
  g: Conv2dGeometry,
  N: number,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
  walk: GradientWalk,
  dw: Float32Array | null,
  db: Float32Array | null,
  dx: Float32Array | null,
  scratch: Float32Array,
): void {
  conv2dBackwardStart(g, N, w, walk, dw, db, dx, scratch);
  for (let n = 0; n < N; n++) {
    const dxSample = dx && sampleOf(dx, n, inputSize(g));
    const dySample = sampleOf(dy, n, g.P * g.OC);
    conv2dBackwardSample(g, sampleOf(x, n, inputSize(g)), w, dySample, walk, dw, db, dxSample, scratch);
  }
  conv2dBackwardFinish(g, walk, dw, scratch);
}

/** Before the first sample: every sum begins at +0, and the sparse walk reads w transposed. */
export function conv2dBackwardStart(
  g: Conv2dGeometry,
  N: number,
  w: Float32Array,
  walk: GradientWalk,
  dw: Float32Array | null,
  db: Float32Array | null,
  dx: Float32Array | null,
  scratch: Float32Array,
): void {
  const { K, OC } = g;
  db?.fill(0, 0, OC);
  dx?.fill(0, 0, N * inputSize(g));
  if (walk === 'dense') {
    dw?.fill(0, 0, K * OC);
  } else {
    if (dw) transposedWeightGradient(g, scratch).fill(0);
    if (dx) transpose(K, OC, w, transposedWeights(g, scratch));
  }
}

/** One sample: continues with the sums of dw and db (dense) or of transposed dw and db (sparse), adds to dx [H, W, C]. */
export function conv2dBackwardSample(
  g: Conv2dGeometry,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
  walk: GradientWalk,
  dw: Float32Array | null,
  db: Float32Array | null,
  dx: Float32Array | null,
  scratch: Float32Array,
): void {
  const { P, K, OC } = g;
  if (db) addBiasGradient(P, OC, dy, db);
  if (walk === 'sparse') {
    if (dw) addSparseWeightGradient(g, x, dy, transposedWeightGradient(g, scratch));
    if (dx) addSparseInputGradient(g, dy, transposedWeights(g, scratch), scratch, dx);
    return;
  }
  if (dw) {
    im2col(g, x, scratch);
    addMatmulTransposeA(K, P, OC, scratch, dy, dw);
  }
  if (dx) {
    matmulTransposeB(P, OC, K, dy, w, scratch);
    col2im(g, scratch, dx);
  }
}

/** After the last sample: the sparse walk's dw goes back into the order of w. */
export function conv2dBackwardFinish(
  g: Conv2dGeometry,
  walk: GradientWalk,
  dw: Float32Array | null,
  scratch: Float32Array,
): void {
  if (dw && walk === 'sparse') transpose(g.OC, g.K, transposedWeightGradient(g, scratch), dw);
}

/** Elements of one input sample. */
export function inputSize(g: Conv2dGeometry): number {
  return g.H * g.W * g.C;
}

/** Sample n of an array of samples of `size` elements. */
export function sampleOf(array: Float32Array, n: number, size: number): Float32Array {
  return array.subarray(n * size, (n + 1) * size);
}

/** One sample's convolution output, or its gradient, [P, OC], in scratch. */
export function sampleInScratch(g: Conv2dGeometry, scratch: Float32Array): Float32Array {
  return scratch.subarray(sampleOffset(g), sampleOffset(g) + g.P * g.OC);
}

function sampleOffset(g: Conv2dGeometry): number {
  return g.P * g.K + 2 * g.OC * g.K;
}

function transposedWeightGradient(g: Conv2dGeometry, scratch: Float32Array): Float32Array {
  return scratch.subarray(g.P * g.K, g.P * g.K + g.OC * g.K);
}

function transposedWeights(g: Conv2dGeometry, scratch: Float32Array): Float32Array {
  return scratch.subarray(g.P * g.K + g.OC * g.K, g.P * g.K + 2 * g.OC * g.K);
}

/** db[oc] += dy[p, oc], p ascending. */
export function addBiasGradient(P: number, OC: number, dy: Float32Array, db: Float32Array): void {
  for (let p = 0; p < P; p++) {
    const pixel = p * OC;
    for (let oc = 0; oc < OC; oc++) db[oc] = Math.fround(db[oc] + dy[pixel + oc]);
  }
}

/** from [R, S] → to [S, R] */
function transpose(R: number, S: number, from: Float32Array, to: Float32Array): void {
  for (let r = 0; r < R; r++) {
    for (let s = 0; s < S; s++) to[s * R + r] = from[r * S + s];
  }
}
